//! A bearer scheme that keeps the 403 of earlier times.

use aplomb::prelude::*;
use aplomb::security::HttpBearer;

#[security]
fn bearer() -> HttpBearer {
    HttpBearer::new()
        .scheme_name("HTTPBearer403")
        .not_authenticated(HttpException::forbidden("Not authenticated"))
}

#[get("/me")]
fn read_me(credentials: Depends<bearer>) -> Value {
    json!({"message": "You are authenticated", "token": credentials.credentials})
}

pub fn app() -> App {
    App::new().routes(routes![read_me])
}
