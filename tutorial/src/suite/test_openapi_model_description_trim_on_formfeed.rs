//! A description that ends at a form feed.

use aplomb::prelude::*;

#[derive(Model)]
#[model(
    description = "A model with a form feed character in the title.\n\u{c}\nText after form feed character."
)]
struct MyModel {}

#[get("/foo")]
async fn foo(#[body] v: MyModel) -> Value {
    json!(v)
}

pub fn app() -> App {
    App::new().routes(routes![foo])
}
