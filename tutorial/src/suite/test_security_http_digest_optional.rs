//! Digest authentication that may be left out.

use aplomb::prelude::*;
use aplomb::security::{HttpDigest, Optional};

#[security]
fn security() -> Optional<HttpDigest> {
    HttpDigest::new().optional()
}

#[get("/users/me")]
async fn read_current_user(credentials: Depends<security>) -> Value {
    match &*credentials {
        None => json!({"msg": "Create an account first"}),
        Some(credentials) => {
            json!({"scheme": credentials.scheme, "credentials": credentials.credentials})
        }
    }
}

pub fn app() -> App {
    App::new().routes(routes![read_current_user])
}
