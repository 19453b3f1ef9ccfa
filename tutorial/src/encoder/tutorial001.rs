//! A model kept as plain JSON.

use std::collections::HashMap;

use aplomb::model::Datetime;
use aplomb::prelude::*;
use tokio::sync::Mutex;

type FakeDb = Mutex<HashMap<String, Value>>;

#[derive(Model)]
struct Item {
    title: String,
    timestamp: Datetime,
    description: Option<String>,
}

#[put("/items/{id}")]
async fn update_item(id: String, item: Item, fake_db: State<FakeDb>) -> Value {
    let json_compatible_item_data = json!(item);
    fake_db.lock().await.insert(id, json_compatible_item_data);
    Value::Null
}

pub fn app() -> App {
    App::new()
        .state(FakeDb::default())
        .routes(routes![update_item])
}
