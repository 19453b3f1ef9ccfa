//! One field of a form.

use aplomb::prelude::*;

#[post("/form/")]
async fn post_form(#[form] username: String) -> Value {
    json!(username)
}

pub fn app() -> App {
    App::new().routes(routes![post_form])
}
