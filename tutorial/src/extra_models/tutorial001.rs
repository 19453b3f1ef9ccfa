//! A model for what comes in, one for what is kept, and one for what goes out.

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

#[derive(Model)]
struct UserInDB {
    username: String,
    hashed_password: String,
    email: Email,
    full_name: Option<String>,
}

fn fake_password_hasher(raw_password: &str) -> String {
    format!("supersecret{raw_password}")
}

fn fake_save_user(user: UserIn) -> UserInDB {
    UserInDB {
        hashed_password: fake_password_hasher(&user.password),
        username: user.username,
        email: user.email,
        full_name: user.full_name,
    }
}

#[post("/user/", response_model = UserOut)]
async fn create_user(user_in: UserIn) -> UserInDB {
    fake_save_user(user_in)
}

pub fn app() -> App {
    App::new().routes(routes![create_user])
}
