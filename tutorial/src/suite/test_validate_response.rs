//! Answers that are not what their model says.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    price: Option<f64>,
    owner_ids: Option<Vec<i64>>,
}

#[get("/items/invalid", response_model = Item)]
async fn get_invalid() -> Value {
    json!({"name": "invalid", "price": "foo"})
}

#[get("/items/invalidnone", response_model = Item)]
async fn get_invalid_none() -> Value {
    Value::Null
}

#[get("/items/validnone", response_model = Option<Item>)]
async fn get_valid_none(#[query(default = false)] send_none: bool) -> Value {
    if send_none {
        return Value::Null;
    }
    json!({"name": "invalid", "price": 3.2})
}

#[get("/items/innerinvalid", response_model = Item)]
async fn get_innerinvalid() -> Value {
    json!({"name": "double invalid", "price": "foo", "owner_ids": ["foo", "bar"]})
}

#[get("/items/invalidlist", response_model = Vec<Item>)]
async fn get_invalidlist() -> Value {
    json!([
        {"name": "foo"},
        {"name": "bar", "price": "bar"},
        {"name": "baz", "price": "baz"},
    ])
}

pub fn app() -> App {
    App::new().routes(routes![
        get_invalid,
        get_invalid_none,
        get_valid_none,
        get_innerinvalid,
        get_invalidlist
    ])
}
