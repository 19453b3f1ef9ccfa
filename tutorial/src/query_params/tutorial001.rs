//! Query parameters with defaults page through a list.

use aplomb::prelude::*;

const FAKE_ITEMS_DB: [&str; 3] = ["Foo", "Bar", "Baz"];

#[get("/items/")]
async fn read_item(#[query(default = 0)] skip: i64, #[query(default = 10)] limit: i64) -> Value {
    let count = |number: i64| usize::try_from(number).unwrap_or(0);
    FAKE_ITEMS_DB
        .iter()
        .skip(count(skip))
        .take(count(limit))
        .map(|name| json!({"item_name": name}))
        .collect()
}

pub fn app() -> App {
    App::new().routes(routes![read_item])
}
