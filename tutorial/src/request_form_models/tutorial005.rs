//! A model that is absent unless one of its fields is there.

use aplomb::prelude::*;

#[derive(Model)]
struct Profile {
    name: String,
    age: i64,
}

#[post("/profiles/")]
async fn create_profile(#[form] token: String, #[form] profile: Option<Profile>) -> Value {
    json!({"token": token, "profile": profile})
}

pub fn app() -> App {
    App::new().routes(routes![create_profile])
}
