//! OAuth2 by password that may be left out.

use aplomb::prelude::*;
use aplomb::security::{OAuth2, OAuth2PasswordRequestFormStrict, OAuthFlow, Optional};

#[security]
fn scheme() -> Optional<OAuth2> {
    OAuth2::new()
        .flow(
            OAuthFlow::password("token")
                .scope("read:users", "Read the users")
                .scope("write:users", "Create users"),
        )
        .optional()
}

#[derive(Model)]
pub(super) struct User {
    pub(super) username: String,
}

#[dependency]
async fn get_current_user(oauth_header: Depends<scheme>) -> Option<User> {
    oauth_header
        .as_ref()
        .cloned()
        .map(|username| User { username })
}

#[post("/login")]
pub(super) async fn login(form_data: Depends<OAuth2PasswordRequestFormStrict>) -> Value {
    let scopes: Vec<_> = form_data.scopes().collect();
    json!({
        "grant_type": form_data.grant_type,
        "username": form_data.username,
        "password": form_data.password,
        "scopes": scopes,
        "client_id": form_data.client_id,
        "client_secret": form_data.client_secret,
    })
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
