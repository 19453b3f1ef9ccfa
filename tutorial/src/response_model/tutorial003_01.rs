//! The type of the result has fewer fields than what comes in.

use aplomb::model::Email;
use aplomb::prelude::*;

#[derive(Model)]
struct BaseUser {
    username: String,
    email: Email,
    full_name: Option<String>,
}

#[derive(Model)]
struct UserIn {
    username: String,
    email: Email,
    full_name: Option<String>,
    password: String,
}

impl From<UserIn> for BaseUser {
    fn from(user: UserIn) -> Self {
        Self {
            username: user.username,
            email: user.email,
            full_name: user.full_name,
        }
    }
}

#[post("/user/")]
async fn create_user(user: UserIn) -> BaseUser {
    user.into()
}

pub fn app() -> App {
    App::new().routes(routes![create_user])
}
