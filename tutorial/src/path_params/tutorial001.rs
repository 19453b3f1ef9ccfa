//! A path parameter of any kind.

use aplomb::prelude::*;

#[get("/items/{item_id}")]
async fn read_item(#[path] item_id: Value) -> Value {
    json!({"item_id": item_id})
}

pub fn app() -> App {
    App::new().routes(routes![read_item])
}
