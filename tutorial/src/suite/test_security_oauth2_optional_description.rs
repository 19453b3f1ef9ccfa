//! OAuth2 by password, described.

use aplomb::prelude::*;
use aplomb::security::{OAuth2, OAuthFlow, Optional};

use super::test_security_oauth2_optional::{User, login};

#[security]
fn scheme() -> Optional<OAuth2> {
    OAuth2::new()
        .flow(
            OAuthFlow::password("token")
                .scope("read:users", "Read the users")
                .scope("write:users", "Create users"),
        )
        .description("OAuth2 security scheme")
        .optional()
}

#[dependency]
async fn get_current_user(oauth_header: Depends<scheme>) -> Option<User> {
    oauth_header
        .as_ref()
        .cloned()
        .map(|username| User { username })
}

#[get("/users/me")]
async fn read_users_me(current_user: Depends<get_current_user>) -> Value {
    match &*current_user {
        None => json!({"msg": "Create an account first"}),
        Some(user) => json!(user),
    }
}

pub fn app() -> App {
    App::new().routes(routes![login, read_users_me])
}
