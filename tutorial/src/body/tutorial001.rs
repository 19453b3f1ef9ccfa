//! A model is the JSON body.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
}

#[post("/items/")]
async fn create_item(item: Item) -> Value {
    json!(item)
}

pub fn app() -> App {
    App::new().routes(routes![create_item])
}
