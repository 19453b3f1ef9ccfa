//! Scopes of an application, a router and operations.

use aplomb::prelude::*;
use aplomb::security::OAuth2AuthorizationCodeBearer;

#[security]
fn oauth2_scheme() -> OAuth2AuthorizationCodeBearer {
    OAuth2AuthorizationCodeBearer::new("authorize", "token")
        .scope("read", "Read access")
        .scope("write", "Write access")
}

#[dependency]
async fn get_token(token: Depends<oauth2_scheme>) -> String {
    token.to_string()
}

#[get("/")]
async fn root() -> Value {
    json!({"message": "Hello World"})
}

#[get(
    "/with-oauth2-scheme",
    dependencies(security(oauth2_scheme, scopes("read", "write")))
)]
async fn read_with_oauth2_scheme() -> Value {
    json!({"message": "Admin Access"})
}

#[get(
    "/with-get-token",
    dependencies(security(get_token, scopes("read", "write")))
)]
async fn read_with_get_token() -> Value {
    json!({"message": "Admin Access"})
}

#[get("/items/")]
async fn read_items(token: Depends<oauth2_scheme>) -> Value {
    json!({"token": *token})
}

#[post("/items/")]
async fn create_item(#[security(scopes("read", "write"))] token: Depends<oauth2_scheme>) -> Value {
    json!({"token": *token})
}

pub fn app() -> App {
    let items = Router::new()
        .security::<oauth2_scheme>(["read"])
        .routes(routes![read_items, create_item]);
    App::new()
        .depends::<get_token>()
        .routes(routes![root, read_with_oauth2_scheme, read_with_get_token])
        .include(items)
}
