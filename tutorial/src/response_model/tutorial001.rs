//! Any JSON, answered through the model that the route promises.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
    #[field(default)]
    tags: Vec<String>,
}

#[post("/items/", response_model = Item)]
async fn create_item(item: Item) -> Value {
    json!(item)
}

#[get("/items/", response_model = Vec<Item>)]
async fn read_items() -> Value {
    json!([
        {"name": "Portal Gun", "price": 42.0},
        {"name": "Plumbus", "price": 32.0},
    ])
}

pub fn app() -> App {
    App::new().routes(routes![create_item, read_items])
}
