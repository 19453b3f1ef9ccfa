//! An authorization code, described.

use aplomb::prelude::*;
use aplomb::security::OAuth2AuthorizationCodeBearer;

#[security]
fn oauth2_scheme() -> OAuth2AuthorizationCodeBearer {
    OAuth2AuthorizationCodeBearer::new("authorize", "token").description("OAuth2 Code Bearer")
}

#[get("/items/")]
async fn read_items(token: Depends<oauth2_scheme>) -> Value {
    json!({"token": *token})
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
