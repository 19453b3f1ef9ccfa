//! Another status when the item is new.

use std::collections::HashMap;

use aplomb::prelude::*;
use tokio::sync::Mutex;

#[derive(Clone, Model)]
struct Item {
    name: Option<String>,
    size: Option<i64>,
}

type Items = Mutex<HashMap<String, Item>>;

#[put("/items/{item_id}")]
async fn upsert_item(
    item_id: String,
    #[body] name: Option<String>,
    #[body] size: Option<i64>,
    items: State<Items>,
) -> Response {
    let item = Item { name, size };
    let known = items.lock().await.insert(item_id, item.clone());
    match known {
        Some(_) => Response::json(&item),
        None => Response::json(&item).status(201),
    }
}

pub fn app() -> App {
    let item = |name: &str, size| Item {
        name: Some(name.to_owned()),
        size: Some(size),
    };
    let items = Items::new(HashMap::from([
        ("foo".to_owned(), item("Fighters", 6)),
        ("bar".to_owned(), item("Tenders", 3)),
    ]));
    App::new().state(items).routes(routes![upsert_item])
}
