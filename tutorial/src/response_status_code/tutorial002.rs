//! A status of success by name.

use aplomb::prelude::*;

const CREATED: u16 = 201;

#[post("/items/", status = CREATED)]
async fn create_item(name: String) -> Value {
    json!({"name": name})
}

pub fn app() -> App {
    App::new().routes(routes![create_item])
}
