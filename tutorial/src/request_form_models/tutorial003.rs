//! Several models and a field share a form.

use aplomb::prelude::*;

#[derive(Model)]
struct Profile {
    name: String,
}

#[derive(Model)]
struct Preferences {
    #[field(default)]
    tags: Vec<String>,
}

#[post("/profiles/")]
async fn create_profile(
    #[form] profile: Profile,
    #[form] preferences: Preferences,
    #[form] token: String,
) -> Value {
    json!({"profile": profile, "preferences": preferences, "token": token})
}

pub fn app() -> App {
    App::new().routes(routes![create_profile])
}
