//! A form without fields that nobody asked for.

use aplomb::prelude::*;

#[derive(Model)]
#[model(extra = "forbid")]
struct FormData {
    username: String,
    password: String,
}

#[post("/login/")]
async fn login(#[form] data: FormData) -> Value {
    json!(data)
}

pub fn app() -> App {
    App::new().routes(routes![login])
}
