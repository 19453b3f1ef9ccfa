//! A key in a header, described.

use aplomb::prelude::*;
use aplomb::security::ApiKeyHeader;

#[security]
fn scheme() -> ApiKeyHeader {
    ApiKeyHeader::new("key").description("An API Key Header")
}

#[derive(Model)]
struct User {
    username: String,
}

#[dependency]
async fn get_current_user(oauth_header: Depends<scheme>) -> User {
    User {
        username: oauth_header.to_string(),
    }
}

#[get("/users/me")]
async fn read_current_user(current_user: Depends<get_current_user>) -> Value {
    json!(*current_user)
}

pub fn app() -> App {
    App::new().routes(routes![read_current_user])
}
