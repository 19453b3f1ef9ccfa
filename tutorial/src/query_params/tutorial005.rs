//! A required query parameter.

use aplomb::prelude::*;

#[get("/items/{item_id}")]
async fn read_user_item(item_id: String, needy: String) -> Value {
    json!({"item_id": item_id, "needy": needy})
}

pub fn app() -> App {
    App::new().routes(routes![read_user_item])
}
