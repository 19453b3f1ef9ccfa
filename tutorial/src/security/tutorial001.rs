//! A token that nobody checks yet.

use aplomb::prelude::*;
use aplomb::security::OAuth2PasswordBearer;

#[security]
fn oauth2_scheme() -> OAuth2PasswordBearer {
    OAuth2PasswordBearer::new("token")
}

#[get("/items/")]
async fn read_items(token: Depends<oauth2_scheme>) -> Value {
    json!({"token": *token})
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
