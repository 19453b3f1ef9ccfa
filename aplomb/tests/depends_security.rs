//! Security schemes: what they accept, what they answer without credentials.

use aplomb::RequestValidationError;
use aplomb::json::Value;
use aplomb::model::Problems;
use aplomb::prelude::*;
use aplomb::security::{
    ApiKeyCookie, ApiKeyHeader, ApiKeyQuery, HttpAuthorizationCredentials, HttpBasic,
    HttpBasicCredentials, HttpBearer, OAuth2PasswordBearer, OAuth2PasswordRequestForm, Optional,
    Security,
};
use aplomb::testing::{TestClient, TestResponse};

#[security]
fn oauth2() -> OAuth2PasswordBearer {
    OAuth2PasswordBearer::new("token")
        .scope("read", "Read items")
        .description("Log in")
}

#[security]
fn bearer() -> HttpBearer {
    HttpBearer::new()
}

#[security]
fn basic() -> HttpBasic {
    HttpBasic::new().realm("shop")
}

#[security]
fn maybe_basic() -> Optional<HttpBasic> {
    HttpBasic::new().optional()
}

#[security]
fn header_key() -> ApiKeyHeader {
    ApiKeyHeader::new("x-key")
}

#[security]
fn query_key() -> ApiKeyQuery {
    ApiKeyQuery::new("key")
}

#[security]
fn cookie_key() -> ApiKeyCookie {
    ApiKeyCookie::new("key")
}

#[get("/oauth2")]
async fn read_oauth2(token: Depends<oauth2>) -> String {
    token.to_string()
}

#[get("/bearer")]
async fn read_bearer(token: Depends<bearer>) -> Vec<String> {
    vec![token.scheme.clone(), token.credentials.clone()]
}

#[get("/basic")]
async fn read_basic(user: Depends<basic>) -> Vec<String> {
    vec![user.username.clone(), user.password.clone()]
}

#[get("/maybe")]
async fn read_maybe(user: Depends<maybe_basic>) -> Option<String> {
    user.as_ref().map(|user| user.username.clone())
}

#[get("/header")]
async fn read_header(key: Depends<header_key>) -> String {
    key.to_string()
}

#[get("/query")]
async fn read_query(key: Depends<query_key>) -> String {
    key.to_string()
}

#[get("/cookie")]
async fn read_cookie(key: Depends<cookie_key>) -> String {
    key.to_string()
}

#[post("/login")]
async fn login(form: Depends<OAuth2PasswordRequestForm>) -> Value {
    let scopes: Vec<&str> = form.scopes().collect();
    json!([
        form.username,
        form.password,
        scopes,
        form.grant_type,
        form.client_id
    ])
}

fn client() -> TestClient {
    TestClient::new(App::new().routes(routes![
        read_oauth2,
        read_bearer,
        read_basic,
        read_maybe,
        read_header,
        read_query,
        read_cookie,
        login
    ]))
}

fn refused(response: &TestResponse, challenge: &str) {
    response.assert_json(401, json!({"detail": "Not authenticated"}));
    response.assert_header("www-authenticate", challenge);
}

#[test]
fn every_scheme_challenges_requests_without_credentials() {
    let client = client();
    for (path, challenge) in [
        ("/oauth2", "Bearer"),
        ("/bearer", "Bearer"),
        ("/basic", "Basic realm=\"shop\""),
        ("/header", "APIKey"),
        ("/query", "APIKey"),
        ("/cookie", "APIKey"),
    ] {
        refused(&client.get(path).send(), challenge);
        let other = client
            .get(path)
            .header("authorization", "Other secret")
            .send();
        refused(&other, challenge);
    }
    client.get("/maybe").send().assert_json(200, Value::Null);
}

#[test]
fn tokens_are_read_whatever_the_case_of_the_scheme() {
    let client = client();
    let get = |path: &str, value: &str| client.get(path).header("authorization", value).send();
    get("/oauth2", "bEARER  secret ").assert_json(200, "secret");
    get("/oauth2", "Bearer").assert_json(200, "");
    get("/bearer", "bEARER secret").assert_json(200, json!(["bEARER", "secret"]));
    refused(&get("/bearer", "Bearer"), "Bearer");
    refused(&get("/bearer", "Bearer "), "Bearer");
}

#[test]
fn basic_credentials_are_decoded_or_refused() {
    let client = client();
    client
        .get("/basic")
        .basic_auth("anna", "a:b")
        .send()
        .assert_json(200, json!(["anna", "a:b"]));
    client
        .get("/maybe")
        .basic_auth("anna", "")
        .send()
        .assert_json(200, "anna");
    for (path, challenge) in [("/basic", "Basic realm=\"shop\""), ("/maybe", "Basic")] {
        for malformed in ["Basic !!!", "Basic YW5uYQ==", "Basic w6k6w6k=", "Basic"] {
            let response = client.get(path).header("authorization", malformed).send();
            refused(&response, challenge);
        }
    }
}

#[test]
fn keys_are_read_and_empty_ones_are_missing() {
    let client = client();
    client
        .get("/header")
        .header("X-Key", "a")
        .send()
        .assert_json(200, "a");
    client.get("/query?key=b").send().assert_json(200, "b");
    client
        .get("/cookie")
        .cookie("key", "c")
        .send()
        .assert_json(200, "c");
    refused(&client.get("/header").header("X-Key", "").send(), "APIKey");
    refused(&client.get("/query?key=").send(), "APIKey");
    refused(&client.get("/cookie").cookie("key", "").send(), "APIKey");
}

#[test]
fn schemes_describe_themselves() {
    let (name, object) = oauth2().describe();
    assert_eq!(name, "OAuth2PasswordBearer");
    let flow = json!({"scopes": {"read": "Read items"}, "tokenUrl": "token"});
    let expected = json!({"type": "oauth2", "description": "Log in", "flows": {"password": flow}});
    assert!(Value::Object(object).same(&expected));
    let (name, object) = header_key().describe();
    assert_eq!(name, "APIKeyHeader");
    let expected = json!({"type": "apiKey", "in": "header", "name": "x-key"});
    assert!(Value::Object(object).same(&expected));
    assert_eq!(maybe_basic().describe().0, "HTTPBasic");
}

#[test]
fn the_login_form_is_read_and_checked() {
    let client = client();
    let form = client.post("/login").form([
        ("username", "anna"),
        ("password", "secret"),
        ("scope", "read  write"),
    ]);
    let expected = json!(["anna", "secret", ["read", "write"], null, null]);
    form.send().assert_json(200, expected);
    let wrong = client
        .post("/login")
        .form([("grant_type", "other"), ("username", "")])
        .send();
    wrong.assert_status(422);
    let problems: Vec<String> = wrong.json()["detail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| format!("{} {}", problem["loc"], problem["type"]))
        .collect();
    assert_eq!(
        problems,
        [
            r#"["body","grant_type"] "string_pattern_mismatch""#,
            r#"["body","username"] "missing""#,
            r#"["body","password"] "missing""#,
        ]
    );
}

#[test]
fn logs_hold_no_secrets() {
    let basic = HttpBasicCredentials {
        username: "anna".to_owned(),
        password: "secret".to_owned(),
    };
    let bearer = HttpAuthorizationCredentials {
        scheme: "Bearer".to_owned(),
        credentials: "secret".to_owned(),
    };
    let body = Value::from("secret");
    let mut problems = Problems::new();
    problems.at("body", |problems| problems.missing(&body));
    let invalid = RequestValidationError::new(problems.into_vec(), body);
    let texts = [
        format!("{basic:?}"),
        format!("{bearer:?}"),
        format!("{invalid:?}"),
        format!("{:?}", aplomb::Error::from(invalid)),
    ];
    for (text, told) in texts.iter().zip(["anna", "Bearer", "missing", "body"]) {
        assert!(text.contains(told) && !text.contains("secret"), "{text}");
    }
}
