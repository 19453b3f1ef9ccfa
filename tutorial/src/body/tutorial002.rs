//! What the body says is used like any other value.

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
    let price_with_tax = item.tax.map(|tax| item.price + tax);
    let mut item = json!(item);
    if let Some(price) = price_with_tax {
        item.insert("price_with_tax", price);
    }
    item
}

pub fn app() -> App {
    App::new().routes(routes![create_item])
}
