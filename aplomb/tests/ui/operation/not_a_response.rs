use aplomb::prelude::*;

struct Item {
    name: String,
}

#[get("/items")]
async fn read() -> Item {
    Item { name: String::new() }
}

#[get("/result")]
async fn result() -> Result<Item> {
    Ok(Item { name: String::new() })
}

fn main() {}
