//! HTTP Basic, compared in constant time.

use aplomb::prelude::*;
use aplomb::security::{HttpBasic, compare_digest};

#[security]
fn basic() -> HttpBasic {
    HttpBasic::new()
}

#[dependency]
async fn get_current_username(credentials: Depends<basic>) -> Result<String> {
    // Both are compared, so that time does not tell which one is wrong.
    let username = compare_digest(&credentials.username, "stanleyjobson");
    let password = compare_digest(&credentials.password, "swordfish");
    if username & password {
        return Ok(credentials.username.clone());
    }
    Err(
        HttpException::unauthorized("Incorrect username or password")
            .header("www-authenticate", "Basic")
            .into(),
    )
}

#[get("/users/me")]
fn read_current_user(username: Depends<get_current_username>) -> Value {
    json!({"username": *username})
}

pub fn app() -> App {
    App::new().routes(routes![read_current_user])
}
