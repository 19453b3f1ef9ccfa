//! A summary and a description.

use aplomb::prelude::*;
use indexmap::IndexSet;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
    #[field(default)]
    tags: IndexSet<String>,
}

#[post(
    "/items/",
    summary = "Create an item",
    description = "Create an item with all the information, name, description, price, tax and a set of unique tags"
)]
async fn create_item(item: Item) -> Item {
    item
}

pub fn app() -> App {
    App::new().routes(routes![create_item])
}
