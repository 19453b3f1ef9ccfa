//! A boolean in the query: `1`, `true`, `on` and `yes` all mean yes.

use aplomb::prelude::*;

#[get("/items/{item_id}")]
async fn read_item(item_id: String, q: Option<String>, #[query(default)] short: bool) -> Value {
    let mut item = json!({"item_id": item_id});
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
    App::new().routes(routes![read_item])
}
