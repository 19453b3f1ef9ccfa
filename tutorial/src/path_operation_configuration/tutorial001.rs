//! A status of success other than 200.

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

#[post("/items/", status = 201)]
async fn create_item(item: Item) -> Item {
    item
}

pub fn app() -> App {
    App::new().routes(routes![create_item])
}
