//! Query parameters that are required, have a default, or may be absent.

use aplomb::prelude::*;

#[get("/items/{item_id}")]
async fn read_user_item(
    item_id: String,
    needy: String,
    #[query(default = 0)] skip: i64,
    limit: Option<i64>,
) -> Value {
    json!({"item_id": item_id, "needy": needy, "skip": skip, "limit": limit})
}

pub fn app() -> App {
    App::new().routes(routes![read_user_item])
}
