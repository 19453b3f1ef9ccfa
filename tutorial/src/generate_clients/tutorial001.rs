//! A document that clients can be generated from.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    price: f64,
}

#[derive(Model)]
struct ResponseMessage {
    message: String,
}

#[post("/items/")]
async fn create_item(item: Item) -> ResponseMessage {
    let _ = item;
    ResponseMessage {
        message: "item received".to_owned(),
    }
}

#[get("/items/")]
async fn get_items() -> Vec<Item> {
    let item = |name: &str, price| Item {
        name: name.to_owned(),
        price,
    };
    vec![item("Plumbus", 3.0), item("Portal Gun", 9001.0)]
}

pub fn app() -> App {
    App::new().routes(routes![create_item, get_items])
}
