//! The type of the result says what the route promises.

use aplomb::prelude::*;

#[derive(Default, Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
    #[field(default)]
    tags: Vec<String>,
}

#[post("/items/")]
async fn create_item(item: Item) -> Item {
    item
}

#[get("/items/")]
async fn read_items() -> Vec<Item> {
    let item = |name: &str, price| Item {
        name: name.to_owned(),
        price,
        ..Item::default()
    };
    vec![item("Portal Gun", 42.0), item("Plumbus", 32.0)]
}

pub fn app() -> App {
    App::new().routes(routes![create_item, read_items])
}
