//! One router in two places, whose operations have further path parameters.

use aplomb::prelude::*;

#[get("/")]
async fn get_users() -> Value {
    json!([{"user_id": "u1"}, {"user_id": "u2"}])
}

#[get("/{user_id}")]
async fn get_user(user_id: String) -> Value {
    json!({"user_id": user_id})
}

fn items(user_id: Option<String>) -> Value {
    match user_id {
        None => json!([{"item_id": "i1", "user_id": "u1"}, {"item_id": "i2", "user_id": "u2"}]),
        Some(user_id) => json!([{"item_id": "i2", "user_id": user_id}]),
    }
}

fn item(item_id: String, user_id: Option<String>) -> Value {
    match user_id {
        None => json!({"item_id": item_id}),
        Some(user_id) => json!({"item_id": item_id, "user_id": user_id}),
    }
}

#[get("/")]
async fn get_items(user_id: Option<String>) -> Value {
    items(user_id)
}

#[get("/{item_id}")]
async fn get_item(item_id: String, user_id: Option<String>) -> Value {
    item(item_id, user_id)
}

#[get("/", name = "get_items")]
async fn get_items_of_user(#[path] user_id: Option<String>) -> Value {
    items(user_id)
}

#[get("/{item_id}", name = "get_item")]
async fn get_item_of_user(item_id: String, #[path] user_id: Option<String>) -> Value {
    item(item_id, user_id)
}

pub fn app() -> App {
    let users = Router::new()
        .prefix("/users")
        .routes(routes![get_users, get_user]);
    let items = Router::new()
        .prefix("/items")
        .routes(routes![get_items, get_item]);
    let items_of_users = Router::new()
        .prefix("/users/{user_id}/items")
        .routes(routes![get_items_of_user, get_item_of_user]);
    App::new()
        .include(users)
        .include(items)
        .include(items_of_users)
}
