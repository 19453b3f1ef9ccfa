//! Basic authentication that may be left out.

use aplomb::prelude::*;
use aplomb::security::{HttpBasic, Optional};

#[security]
fn security() -> Optional<HttpBasic> {
    HttpBasic::new().optional()
}

#[get("/users/me")]
async fn read_current_user(credentials: Depends<security>) -> Value {
    match &*credentials {
        None => json!({"msg": "Create an account first"}),
        Some(credentials) => {
            json!({"username": credentials.username, "password": credentials.password})
        }
    }
}

pub fn app() -> App {
    App::new().routes(routes![read_current_user])
}
