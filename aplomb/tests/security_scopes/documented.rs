//! What the document says of scopes.

use super::*;

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

fn app() -> App {
    let items = Router::new()
        .security::<oauth2_scheme>(["read"])
        .routes(routes![read_items, create_item]);
    App::new()
        .depends::<get_token>()
        .routes(routes![root, read_with_oauth2_scheme, read_with_get_token])
        .include(items)
}

#[test]
fn every_operation_lists_all_that_is_asked_of_a_scheme() {
    let document = app().openapi();
    for (path, method, scopes) in [
        ("/", "get", json!([])),
        ("/with-oauth2-scheme", "get", json!(["read", "write"])),
        ("/with-get-token", "get", json!(["read", "write"])),
        ("/items/", "get", json!(["read"])),
        ("/items/", "post", json!(["read", "write"])),
    ] {
        assert_eq!(
            document["paths"][path][method]["security"],
            json!([{"OAuth2AuthorizationCodeBearer": scopes}]),
            "{method} {path}"
        );
    }
    let scheme = json!({
        "type": "oauth2",
        "flows": {
            "authorizationCode": {
                "scopes": {"read": "Read access", "write": "Write access"},
                "authorizationUrl": "authorize",
                "tokenUrl": "token",
            },
        },
    });
    let schemes = json!({"OAuth2AuthorizationCodeBearer": scheme});
    assert_eq!(document["components"]["securitySchemes"], schemes);
}

#[test]
fn tokens_are_asked_for_and_given() {
    let client = TestClient::new(app());
    client.get("/").send().assert_status(401);
    let get = |path| client.get(path).bearer_auth("testtoken").send();
    get("/").assert_json(200, json!({"message": "Hello World"}));
    get("/with-get-token").assert_json(200, json!({"message": "Admin Access"}));
    get("/items/").assert_json(200, json!({"token": "testtoken"}));
}

#[security]
fn password() -> OAuth2PasswordBearer {
    OAuth2PasswordBearer::new("token")
}

#[security]
fn key() -> ApiKeyHeader {
    ApiKeyHeader::new("key")
}

#[dependency]
async fn both(#[security(scopes("b"))] token: Depends<password>, key: Depends<key>) -> String {
    format!("{}{}", *token, *key)
}

#[get("/both")]
async fn read_both(
    #[security(scopes("a"))] both: Depends<both>,
    #[security(scopes("c"))] token: Depends<password>,
) -> String {
    format!("{}{}", *both, *token)
}

#[test]
fn schemes_are_listed_in_the_order_of_the_dependencies() {
    let document = App::new().routes(routes![read_both]).openapi();
    assert_eq!(
        document["paths"]["/both"]["get"]["security"],
        json!([{"OAuth2PasswordBearer": ["a", "b", "c"]}, {"APIKeyHeader": ["a"]}])
    );
}
