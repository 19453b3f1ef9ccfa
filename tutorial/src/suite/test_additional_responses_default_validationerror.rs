//! What the document says of requests that are refused.

use aplomb::prelude::*;

#[get("/a/{id}")]
async fn a(id: Value) -> Value {
    id
}

pub fn app() -> App {
    App::new().routes(routes![a])
}
