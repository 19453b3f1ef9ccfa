//! A scheme of one's own in the header `Authorization`.

use aplomb::prelude::*;
use aplomb::security::HttpBase;

#[security]
fn security() -> HttpBase {
    HttpBase::new("Other").scheme_name("HTTPBase")
}

#[get("/users/me")]
async fn read_current_user(credentials: Depends<security>) -> Value {
    json!({"scheme": credentials.scheme, "credentials": credentials.credentials})
}

pub fn app() -> App {
    App::new().routes(routes![read_current_user])
}
