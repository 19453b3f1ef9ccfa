//! A PUT without a body.

use aplomb::prelude::*;

#[put("/items/{item_id}")]
async fn save_item_no_body(item_id: String) -> Value {
    json!({"item_id": item_id})
}

pub fn app() -> App {
    App::new().routes(routes![save_item_no_body])
}
