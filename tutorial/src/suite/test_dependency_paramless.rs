//! Scopes of dependencies whose results nobody takes.

use aplomb::prelude::*;
use aplomb::security::{OAuth2PasswordBearer, SecurityScopes};

#[security]
fn oauth2_scheme() -> OAuth2PasswordBearer {
    OAuth2PasswordBearer::new("token")
}

#[dependency]
async fn process_auth(
    credentials: Depends<oauth2_scheme>,
    security_scopes: SecurityScopes,
) -> Result<Value> {
    let scopes = security_scopes.scopes();
    if !["a", "b"]
        .iter()
        .all(|wanted| scopes.iter().any(|scope| scope == wanted))
    {
        return Err(HttpException::unauthorized("a or b not in scopes").into());
    }
    Ok(json!({"token": *credentials, "scopes": scopes}))
}

#[get("/get-credentials")]
async fn get_credentials(
    #[security(scopes("a", "b"))] credentials: Depends<process_auth>,
) -> Value {
    json!(*credentials)
}

#[get(
    "/parameterless-with-scopes",
    dependencies(security(process_auth, scopes("a", "b")))
)]
async fn get_parameterless_with_scopes() -> Value {
    json!({"status": "ok"})
}

#[get("/parameterless-without-scopes", dependencies(process_auth))]
async fn get_parameterless_without_scopes() -> Value {
    json!({"status": "ok"})
}

pub fn app() -> App {
    App::new().routes(routes![
        get_credentials,
        get_parameterless_with_scopes,
        get_parameterless_without_scopes
    ])
}
