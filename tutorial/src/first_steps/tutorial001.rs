//! The smallest service: one path, one answer.

use aplomb::prelude::*;

#[get("/")]
async fn root() -> Value {
    json!({"message": "Hello World"})
}

pub fn app() -> App {
    App::new().routes(routes![root])
}
