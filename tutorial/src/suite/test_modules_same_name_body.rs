//! Two operations of one name, each with a body of two members.

use aplomb::prelude::*;

#[post("/compute")]
async fn compute(#[body] a: i64, #[body] b: String) -> Value {
    json!({"a": a, "b": b})
}

#[post("/compute/", name = "compute")]
async fn compute_slash(#[body] a: i64, #[body] b: String) -> Value {
    json!({"a": a, "b": b})
}

pub fn app() -> App {
    App::new()
        .include(Router::new().prefix("/a").routes(routes![compute]))
        .include(Router::new().prefix("/b").routes(routes![compute_slash]))
}
