//! Models that share their fields, which a macro writes once.

use aplomb::model::Email;
use aplomb::prelude::*;

macro_rules! user {
    ($name:ident { $($field:ident: $type:ty),* $(,)? }) => {
        #[derive(Model)]
        struct $name {
            username: String,
            email: Email,
            full_name: Option<String>,
            $($field: $type,)*
        }
    };
}

user!(UserIn { password: String });
user!(UserOut {});
user!(UserInDB {
    hashed_password: String
});

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
