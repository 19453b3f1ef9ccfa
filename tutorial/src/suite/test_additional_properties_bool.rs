//! An optional body that may hold nothing.

use aplomb::prelude::*;

#[derive(Model)]
#[model(extra = "forbid")]
struct Foo {}

#[post("/")]
async fn post(foo: Option<Foo>) -> Value {
    json!(foo)
}

pub fn app() -> App {
    App::new().routes(routes![post])
}
