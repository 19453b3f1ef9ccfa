//! Scopes of one operation.

use aplomb::prelude::*;
use aplomb::security::OAuth2AuthorizationCodeBearer;

#[security]
fn oauth2_scheme() -> OAuth2AuthorizationCodeBearer {
    OAuth2AuthorizationCodeBearer::new("api/oauth/authorize", "/api/oauth/token")
        .scope("read", "Read access")
        .scope("write", "Write access")
}

#[dependency]
async fn get_token(token: Depends<oauth2_scheme>) -> String {
    token.to_string()
}

#[get("/admin", dependencies(security(get_token, scopes("read", "write"))))]
async fn read_admin() -> Value {
    json!({"message": "Admin Access"})
}

pub fn app() -> App {
    App::new()
        .depends::<get_token>()
        .routes(routes![read_admin])
}
