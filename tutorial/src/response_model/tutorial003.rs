//! Another model out than in, which leaves out the password.

use aplomb::model::Email;
use aplomb::prelude::*;

#[derive(Model)]
struct UserIn {
    username: String,
    password: String,
    email: Email,
    full_name: Option<String>,
}

#[derive(Model)]
struct UserOut {
    username: String,
    email: Email,
    full_name: Option<String>,
}

#[post("/user/", response_model = UserOut)]
async fn create_user(user: UserIn) -> UserIn {
    user
}

pub fn app() -> App {
    App::new().routes(routes![create_user])
}
