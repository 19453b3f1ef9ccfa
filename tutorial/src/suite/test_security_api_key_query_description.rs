//! A key in a query, described.

use aplomb::prelude::*;
use aplomb::security::ApiKeyQuery;

#[security]
fn scheme() -> ApiKeyQuery {
    ApiKeyQuery::new("key").description("API Key Query")
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
