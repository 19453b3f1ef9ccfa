//! OpenID Connect that may be left out.

use aplomb::prelude::*;
use aplomb::security::{OpenIdConnect, Optional};

#[security]
fn scheme() -> Optional<OpenIdConnect> {
    OpenIdConnect::new("/openid").optional()
}

#[derive(Model)]
struct User {
    username: String,
}

#[dependency]
async fn get_current_user(oauth_header: Depends<scheme>) -> Option<User> {
    oauth_header
        .as_ref()
        .cloned()
        .map(|username| User { username })
}

#[get("/users/me")]
async fn read_current_user(current_user: Depends<get_current_user>) -> Value {
    match &*current_user {
        None => json!({"msg": "Create an account first"}),
        Some(user) => json!(user),
    }
}

pub fn app() -> App {
    App::new().routes(routes![read_current_user])
}
