//! Items.

use aplomb::prelude::*;

use super::super::dependencies::get_token_header;

const FAKE_ITEMS_DB: [(&str, &str); 2] = [("plumbus", "Plumbus"), ("gun", "Portal Gun")];

#[get("/")]
async fn read_items() -> Value {
    FAKE_ITEMS_DB
        .iter()
        .map(|(item_id, name)| (*item_id, json!({"name": name})))
        .collect()
}

#[get("/{item_id}")]
async fn read_item(item_id: String) -> Result<Value> {
    let item = FAKE_ITEMS_DB.iter().find(|(known, _)| *known == item_id);
    match item {
        Some((_, name)) => Ok(json!({"name": name, "item_id": item_id})),
        None => Err(HttpException::not_found("Item not found").into()),
    }
}

#[put("/{item_id}", tags("custom"), responses(403 = "Operation forbidden"))]
async fn update_item(item_id: String) -> Result<Value> {
    if item_id != "plumbus" {
        return Err(HttpException::forbidden("You can only update the item: plumbus").into());
    }
    Ok(json!({"item_id": item_id, "name": "The great Plumbus"}))
}

pub fn router() -> Router {
    Router::new()
        .prefix("/items")
        .tags(["items"])
        .depends::<get_token_header>()
        .response(404, "Not found")
        .routes(routes![read_items, read_item, update_item])
}
