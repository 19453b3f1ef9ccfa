//! HTTP Basic, shown back.

use aplomb::prelude::*;
use aplomb::security::HttpBasic;

#[security]
fn basic() -> HttpBasic {
    HttpBasic::new()
}

#[get("/users/me")]
fn read_current_user(credentials: Depends<basic>) -> Value {
    json!({"username": credentials.username, "password": credentials.password})
}

pub fn app() -> App {
    App::new().routes(routes![read_current_user])
}
