//! A body and a result of one type.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    price: f64,
    description: Option<String>,
    tax: Option<f64>,
}

#[post("/items/", response_model = None)]
async fn create_item(item: Item) -> Item {
    item
}

pub fn app() -> App {
    App::new().routes(routes![create_item])
}
