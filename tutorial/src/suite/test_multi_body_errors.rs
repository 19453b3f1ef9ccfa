//! Several errors in a list of models.

use aplomb::prelude::*;
use rust_decimal::Decimal;

#[derive(Model)]
struct Item {
    name: String,
    #[field(gt = 0)]
    age: Decimal,
}

#[post("/items/")]
async fn save_item_no_body(item: Vec<Item>) -> Value {
    json!({"item": item})
}

pub fn app() -> App {
    App::new().routes(routes![save_item_no_body])
}
