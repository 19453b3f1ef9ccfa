//! The smallest service with a handler that does not wait for anything.

use aplomb::prelude::*;

#[get("/")]
fn root() -> Value {
    json!({"message": "Hello World"})
}

pub fn app() -> App {
    App::new().routes(routes![root])
}
