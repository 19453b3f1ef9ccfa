use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    #[field(pattern = "[a-")]
    name: String,
}

#[derive(Model)]
struct Order {
    items: Vec<Item>,
}

#[post("/items")]
async fn create(item: Item) -> Result<Item> {
    println!("{}", json!(item));
    Ok(item)
}

fn main() {}
