//! A redirect that has the scheme the proxy was asked with.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items() -> Value {
    json!(["plumbus", "portal gun"])
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
