//! A model and a file share a form.

use aplomb::prelude::*;

#[derive(Model)]
struct Profile {
    name: String,
}

#[post("/profiles/")]
async fn create_profile(#[form] profile: Profile, avatar: UploadFile) -> Value {
    json!({"profile": profile, "filename": avatar.filename()})
}

pub fn app() -> App {
    App::new().routes(routes![create_profile])
}
