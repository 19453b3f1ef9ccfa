//! Dependencies whose results nobody takes.

use super::*;

#[security]
fn oauth2_scheme() -> OAuth2PasswordBearer {
    OAuth2PasswordBearer::new("token")
}

#[dependency]
async fn process_auth(
    credentials: Depends<oauth2_scheme>,
    security_scopes: SecurityScopes,
) -> Result<Value> {
    match ["a", "b"]
        .iter()
        .all(|scope| security_scopes.iter().any(|asked| asked == *scope))
    {
        true => Ok(json!({"token": *credentials, "scopes": (list(&security_scopes))})),
        false => Err(HttpException::unauthorized("a or b not in scopes").into()),
    }
}

#[get("/get-credentials")]
async fn get_credentials(
    #[security(scopes("a", "b"))] credentials: Depends<process_auth>,
) -> Value {
    credentials.into_inner()
}

#[get(
    "/parameterless-with-scopes",
    dependencies(security(process_auth, scopes("a", "b")))
)]
async fn with_scopes() -> Value {
    json!({"status": "ok"})
}

#[get("/parameterless-without-scopes", dependencies(process_auth))]
async fn without_scopes() -> Value {
    json!({"status": "ok"})
}

#[post("new-subscription", webhook)]
async fn new_subscription(token: Depends<oauth2_scheme>) -> String {
    token.to_string()
}

#[test]
fn dependencies_are_asked_for_scopes() {
    let app = App::new().routes(routes![get_credentials, with_scopes, without_scopes]);
    let client = TestClient::new(app);
    let get = |path| client.get(path).bearer_auth("token").send();
    let expected = json!({"token": "token", "scopes": ["a", "b"]});
    get("/get-credentials").assert_json(200, expected);
    get("/parameterless-with-scopes").assert_json(200, json!({"status": "ok"}));
    let refused = json!({"detail": "a or b not in scopes"});
    get("/parameterless-without-scopes").assert_json(401, refused);
}

#[test]
fn webhooks_show_what_they_are_guarded_by() {
    let document = App::new().webhooks(routes![new_subscription]).openapi();
    assert_eq!(
        document["webhooks"]["new-subscription"]["post"]["security"],
        json!([{"OAuth2PasswordBearer": []}])
    );
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["OAuth2PasswordBearer"]["type"], "oauth2");
}
