//! An optional bearer token of OAuth2, described.

use aplomb::prelude::*;
use aplomb::security::{OAuth2PasswordBearer, Optional};

#[security]
fn oauth2_scheme() -> Optional<OAuth2PasswordBearer> {
    OAuth2PasswordBearer::new("/token")
        .description("OAuth2PasswordBearer security scheme")
        .optional()
}

#[get("/items/")]
async fn read_items(token: Depends<oauth2_scheme>) -> Value {
    match &*token {
        None => json!({"msg": "Create an account first"}),
        Some(token) => json!({"token": token}),
    }
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
