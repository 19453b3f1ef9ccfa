//! Fields of a form.

use aplomb::prelude::*;

#[post("/login/")]
async fn login(#[form] username: String, #[form] password: String) -> Value {
    let _ = password;
    json!({"username": username})
}

pub fn app() -> App {
    App::new().routes(routes![login])
}
