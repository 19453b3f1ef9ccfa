//! A status of success as a number.

use aplomb::prelude::*;

#[post("/items/", status = 201)]
async fn create_item(name: String) -> Value {
    json!({"name": name})
}

pub fn app() -> App {
    App::new().routes(routes![create_item])
}
