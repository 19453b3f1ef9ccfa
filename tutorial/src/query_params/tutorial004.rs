//! Several path and query parameters, told apart by name.

use aplomb::prelude::*;

#[get("/users/{user_id}/items/{item_id}")]
async fn read_user_item(
    user_id: i64,
    item_id: String,
    q: Option<String>,
    #[query(default)] short: bool,
) -> Value {
    let mut item = json!({"item_id": item_id, "owner_id": user_id});
    if let Some(q) = q.filter(|q| !q.is_empty()) {
        item.insert("q", q);
    }
    if !short {
        item.insert(
            "description",
            "This is an amazing item that has a long description",
        );
    }
    item
}

pub fn app() -> App {
    App::new().routes(routes![read_user_item])
}
