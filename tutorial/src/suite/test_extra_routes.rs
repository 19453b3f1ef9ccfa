//! Every method.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    price: Option<f64>,
}

#[get("/items/{item_id}")]
async fn get_items(item_id: String) -> Value {
    json!({"item_id": item_id})
}

#[get("/items-not-decorated/{item_id}")]
async fn get_not_decorated(item_id: String) -> Value {
    json!({"item_id": item_id})
}

#[delete("/items/{item_id}")]
async fn delete_item(item_id: String, item: Item) -> Value {
    json!({"item_id": item_id, "item": item})
}

fn null(item_id: &str) -> Response {
    Response::json(&Value::Null).header("x-fastapi-item-id", item_id)
}

#[head("/items/{item_id}")]
async fn head_item(item_id: String) -> Response {
    null(&item_id)
}

#[options("/items/{item_id}")]
async fn options_item(item_id: String) -> Response {
    null(&item_id)
}

#[patch("/items/{item_id}")]
async fn patch_item(item_id: String, item: Item) -> Value {
    json!({"item_id": item_id, "item": item})
}

#[trace("/items/{item_id}")]
async fn trace_item(item_id: String) -> Response {
    let _ = item_id;
    Response::json(&Value::Null).content_type("message/http")
}

pub fn app() -> App {
    App::new().routes(routes![
        get_items,
        get_not_decorated,
        delete_item,
        head_item,
        options_item,
        patch_item,
        trace_item
    ])
}
