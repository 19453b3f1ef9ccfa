//! A dependency that makes a user of a token.

use aplomb::prelude::*;
use aplomb::security::OAuth2PasswordBearer;

#[derive(Clone, Model)]
struct User {
    username: String,
    email: Option<String>,
    full_name: Option<String>,
    disabled: Option<bool>,
}

#[security]
fn oauth2_scheme() -> OAuth2PasswordBearer {
    OAuth2PasswordBearer::new("token")
}

#[dependency]
async fn get_current_user(token: Depends<oauth2_scheme>) -> User {
    User {
        username: format!("{}fakedecoded", *token),
        email: Some("john@example.com".to_owned()),
        full_name: Some("John Doe".to_owned()),
        disabled: None,
    }
}

#[get("/users/me")]
async fn read_users_me(current_user: Depends<get_current_user>) -> Value {
    json!(*current_user)
}

pub fn app() -> App {
    App::new().routes(routes![read_users_me])
}
