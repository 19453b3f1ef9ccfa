//! JSON bodies without a content type are read all the same.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    price: f64,
}

#[post("/items/")]
async fn create_item(item: Item) -> Value {
    json!(item)
}

pub fn app() -> App {
    App::new()
        .strict_content_type(false)
        .routes(routes![create_item])
}
