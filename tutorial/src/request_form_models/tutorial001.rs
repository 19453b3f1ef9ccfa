//! A model whose fields are the fields of a form.

use aplomb::prelude::*;

#[derive(Model)]
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
