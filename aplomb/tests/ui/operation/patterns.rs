use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
}

#[post("/items")]
async fn create(Item { name }: Item, (a, b): (i64, i64)) -> String {
    format!("{name}{a}{b}")
}

fn main() {}
