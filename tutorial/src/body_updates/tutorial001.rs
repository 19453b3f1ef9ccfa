//! An update that replaces all of an item.

use std::collections::HashMap;

use aplomb::prelude::*;
use tokio::sync::Mutex;

#[derive(Clone, Default, Model)]
struct Item {
    name: Option<String>,
    description: Option<String>,
    price: Option<f64>,
    #[field(default = 10.5)]
    tax: f64,
    #[field(default)]
    tags: Vec<String>,
}

type Items = Mutex<HashMap<String, Item>>;

#[get("/items/{item_id}")]
async fn read_item(item_id: String, items: State<Items>) -> Result<Item> {
    let items = items.lock().await;
    let item = items.get(&item_id).cloned();
    Ok(item.ok_or_else(|| HttpException::not_found("Item not found"))?)
}

#[put("/items/{item_id}")]
async fn update_item(item_id: String, item: Item, items: State<Items>) -> Item {
    items.lock().await.insert(item_id, item.clone());
    item
}

fn items() -> Items {
    let item = |name: &str, description: Option<&str>, price, tax| {
        let item = Item {
            name: Some(name.to_owned()),
            description: description.map(str::to_owned),
            price: Some(price),
            tax,
            tags: Vec::new(),
        };
        (name.to_lowercase(), item)
    };
    Mutex::new(HashMap::from([
        item("Foo", None, 50.2, 10.5),
        item("Bar", Some("The bartenders"), 62.0, 20.2),
        item("Baz", None, 50.2, 10.5),
    ]))
}

pub fn app() -> App {
    App::new()
        .state(items())
        .routes(routes![read_item, update_item])
}
