//! A model that the handler itself turns into a response.

use aplomb::prelude::*;
use chrono::NaiveDateTime;

#[derive(Model)]
struct Item {
    title: String,
    timestamp: NaiveDateTime,
    description: Option<String>,
}

#[put("/items/{id}")]
fn update_item(id: String, item: Item) -> Response {
    let _ = id;
    Response::json(&item)
}

pub fn app() -> App {
    App::new().routes(routes![update_item])
}
