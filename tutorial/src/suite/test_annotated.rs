//! Defaults and limits beside the type.

use aplomb::prelude::*;

#[get("/default")]
async fn default(#[query(default = "foo")] foo: String) -> Value {
    json!({"foo": foo})
}

#[get("/required")]
async fn required(#[query(min_length = 1)] foo: String) -> Value {
    json!({"foo": foo})
}

#[get("/multiple")]
async fn multiple(#[query(min_length = 1)] foo: String) -> Value {
    json!({"foo": foo})
}

#[get("/unrelated")]
async fn unrelated(foo: String) -> Value {
    json!({"foo": foo})
}

pub fn app() -> App {
    App::new().routes(routes![default, required, multiple, unrelated])
}
