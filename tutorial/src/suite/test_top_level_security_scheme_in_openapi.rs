//! A scheme whose result nobody takes.

use aplomb::prelude::*;
use aplomb::security::HttpBearer;

#[security]
fn bearer_scheme() -> HttpBearer {
    HttpBearer::new()
}

#[get("/", dependencies(bearer_scheme))]
async fn get_root() -> Value {
    json!({"message": "Hello, World!"})
}

pub fn app() -> App {
    App::new().routes(routes![get_root])
}
