//! Basic authentication for a realm, described.

use aplomb::prelude::*;
use aplomb::security::HttpBasic;

#[security]
fn security() -> HttpBasic {
    HttpBasic::new()
        .realm("simple")
        .description("HTTPBasic scheme")
}

#[get("/users/me")]
async fn read_current_user(credentials: Depends<security>) -> Value {
    json!({"username": credentials.username, "password": credentials.password})
}

pub fn app() -> App {
    App::new().routes(routes![read_current_user])
}
