//! The same model in and out: the password comes back.

use aplomb::model::Email;
use aplomb::prelude::*;

#[derive(Model)]
struct UserIn {
    username: String,
    password: String,
    email: Email,
    full_name: Option<String>,
}

#[post("/user/")]
async fn create_user(user: UserIn) -> UserIn {
    user
}

pub fn app() -> App {
    App::new().routes(routes![create_user])
}
