//! Digest authentication, described.

use aplomb::prelude::*;
use aplomb::security::HttpDigest;

#[security]
fn security() -> HttpDigest {
    HttpDigest::new().description("HTTPDigest scheme")
}

#[get("/users/me")]
async fn read_current_user(credentials: Depends<security>) -> Value {
    json!({"scheme": credentials.scheme, "credentials": credentials.credentials})
}

pub fn app() -> App {
    App::new().routes(routes![read_current_user])
}
