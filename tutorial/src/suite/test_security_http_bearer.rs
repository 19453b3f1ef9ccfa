//! A bearer token.

use aplomb::prelude::*;
use aplomb::security::HttpBearer;

#[security]
fn security() -> HttpBearer {
    HttpBearer::new()
}

#[get("/users/me")]
async fn read_current_user(credentials: Depends<security>) -> Value {
    json!({"scheme": credentials.scheme, "credentials": credentials.credentials})
}

pub fn app() -> App {
    App::new().routes(routes![read_current_user])
}
