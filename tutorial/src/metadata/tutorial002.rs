//! The document at another path.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items() -> Value {
    json!([{"name": "Foo"}])
}

pub fn app() -> App {
    App::new()
        .openapi_url("/api/v1/openapi.json")
        .routes(routes![read_items])
}
