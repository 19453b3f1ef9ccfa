//! One schema for both directions.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
}

#[post("/items/")]
async fn create_item(item: Item) -> Value {
    json!(item)
}

#[get("/items/")]
async fn read_items() -> Vec<Item> {
    let item = |name: &str, description: Option<&str>| Item {
        name: name.to_owned(),
        description: description.map(str::to_owned),
    };
    vec![
        item(
            "Portal Gun",
            Some("Device to travel through the multi-rick-verse"),
        ),
        item("Plumbus", None),
    ]
}

pub fn app() -> App {
    App::new()
        .separate_input_output_schemas(false)
        .routes(routes![create_item, read_items])
}
