//! Every security scheme: what it gives, what it answers without credentials, what it says of itself.

use aplomb::json::Object;
use aplomb::prelude::*;
use aplomb::security::{
    ApiKeyCookie, ApiKeyHeader, ApiKeyQuery, HttpAuthorizationCredentials, HttpBase, HttpBasic,
    HttpBasicCredentials, HttpBearer, HttpDigest, OAuth2, OAuth2AuthorizationCodeBearer,
    OAuth2PasswordBearer, OAuth2PasswordRequestFormStrict, OAuthFlow, OpenIdConnect, Optional,
    Security as _, SecurityScheme,
};
use aplomb::testing::{TestClient, TestResponse};

/// Credentials as the tests of FastAPI show them.
trait Shown {
    fn shown(&self) -> Value;
}

impl Shown for String {
    fn shown(&self) -> Value {
        json!(self)
    }
}

impl Shown for HttpAuthorizationCredentials {
    fn shown(&self) -> Value {
        json!({"scheme": self.scheme, "credentials": self.credentials})
    }
}

impl Shown for HttpBasicCredentials {
    fn shown(&self) -> Value {
        json!({"username": self.username, "password": self.password})
    }
}

macro_rules! schemes {
    ($($name:ident: $scheme:ty = $make:expr, $header:literal: $value:literal, $expected:tt, $challenge:literal;)*) => {
        $(
            mod $name {
                use super::*;

                #[security]
                fn required() -> $scheme {
                    $make
                }

                #[security]
                fn optional() -> Optional<$scheme> {
                    $make.optional()
                }

                #[get("/required")]
                async fn read_required(credentials: Depends<required>) -> Value {
                    credentials.shown()
                }

                #[get("/optional")]
                async fn read_optional(credentials: Depends<optional>) -> Value {
                    credentials.as_ref().map_or(Value::Null, Shown::shown)
                }

                fn send(path: &str, shown: bool) -> TestResponse {
                    let app = App::new().routes(routes![read_required, read_optional]);
                    let client = TestClient::new(app);
                    match (shown, $header) {
                        (true, "query") => client.get(&format!("{path}?{}", $value)).send(),
                        (true, name) => client.get(path).header(name, $value).send(),
                        (false, _) => client.get(path).send(),
                    }
                }

                #[test]
                fn gives_credentials_and_challenges_who_has_none() {
                    send("/required", true).assert_json(200, json!($expected));
                    send("/optional", true).assert_json(200, json!($expected));
                    let refused = send("/required", false);
                    refused.assert_json(401, json!({"detail": "Not authenticated"}));
                    refused.assert_header("www-authenticate", $challenge);
                    send("/optional", false).assert_json(200, Value::Null);
                }
            }
        )*
    };
}

schemes! {
    base: HttpBase = HttpBase::new("Other"),
        "authorization": "Other  foobar ", {"scheme": "Other", "credentials": "foobar"}, "Other";
    basic: HttpBasic = HttpBasic::new(),
        "authorization": "Basic am9objpzZWNyZXQ=", {"username": "john", "password": "secret"}, "Basic";
    basic_realm: HttpBasic = HttpBasic::new().realm("simple"),
        "authorization": "Basic am9objpzZWNyZXQ=", {"username": "john", "password": "secret"}, "Basic realm=\"simple\"";
    bearer: HttpBearer = HttpBearer::new(),
        "authorization": "bEaReR secret", {"scheme": "bEaReR", "credentials": "secret"}, "Bearer";
    digest: HttpDigest = HttpDigest::new(),
        "authorization": "Digest secret", {"scheme": "Digest", "credentials": "secret"}, "Digest";
    key_in_query: ApiKeyQuery = ApiKeyQuery::new("key"),
        "query": "key=secret", "secret", "APIKey";
    key_in_header: ApiKeyHeader = ApiKeyHeader::new("key"),
        "key": "secret", "secret", "APIKey";
    key_in_cookie: ApiKeyCookie = ApiKeyCookie::new("key"),
        "cookie": "key=secret", "secret", "APIKey";
    oauth2: OAuth2 = OAuth2::new(),
        "authorization": "Other footokenbar", "Other footokenbar", "Bearer";
    password: OAuth2PasswordBearer = OAuth2PasswordBearer::new("/token"),
        "authorization": "Bearer secret", "secret", "Bearer";
    code: OAuth2AuthorizationCodeBearer = OAuth2AuthorizationCodeBearer::new("/authorize", "/token"),
        "authorization": "Bearer secret", "secret", "Bearer";
    open_id: OpenIdConnect = OpenIdConnect::new("/openid"),
        "authorization": "Bearer footokenbar", "Bearer footokenbar", "Bearer";
}

#[track_caller]
fn assert_described(scheme: &impl SecurityScheme, name: &str, expected: impl Into<Value>) {
    assert_eq!(scheme.name(), name);
    let object = Value::Object(scheme.object());
    assert!(object.same(&expected.into()), "{object}");
}

#[test]
fn schemes_describe_themselves() {
    assert_described(
        &HttpBase::new("Other").description("Other Security Scheme"),
        "HTTPBase",
        json!({"type": "http", "scheme": "Other", "description": "Other Security Scheme"}),
    );
    let basic = HttpBasic::new().realm("simple").scheme_name("staff");
    assert_described(&basic, "staff", json!({"type": "http", "scheme": "basic"}));
    assert_described(
        &HttpBearer::new().bearer_format("JWT"),
        "HTTPBearer",
        json!({"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}),
    );
    assert_described(
        &HttpDigest::new(),
        "HTTPDigest",
        json!({"type": "http", "scheme": "digest"}),
    );
    assert_described(
        &ApiKeyQuery::new("key").description("API Query Key"),
        "APIKeyQuery",
        json!({"type": "apiKey", "name": "key", "in": "query", "description": "API Query Key"}),
    );
    assert_described(
        &OpenIdConnect::new("/openid").description("OpenIdConnect security scheme"),
        "OpenIdConnect",
        json!({
            "type": "openIdConnect",
            "openIdConnectUrl": "/openid",
            "description": "OpenIdConnect security scheme",
        }),
    );
    assert_described(
        &OAuth2::new(),
        "OAuth2",
        json!({"type": "oauth2", "flows": {}}),
    );
    assert_described(
        &OAuth2::new()
            .flow(OAuthFlow::authorization_code("auth", "token").refresh_url("refresh"))
            .flow(OAuthFlow::client_credentials("old"))
            .flow(OAuthFlow::client_credentials("token"))
            .flow(OAuthFlow::implicit("auth"))
            .flow(OAuthFlow::password("token").scope("read:users", "Read the users"))
            .description("OAuth2 security scheme"),
        "OAuth2",
        json!({
            "type": "oauth2",
            "description": "OAuth2 security scheme",
            "flows": {
                "implicit": {"scopes": {}, "authorizationUrl": "auth"},
                "password": {"scopes": {"read:users": "Read the users"}, "tokenUrl": "token"},
                "clientCredentials": {"scopes": {}, "tokenUrl": "token"},
                "authorizationCode": {
                    "refreshUrl": "refresh",
                    "scopes": {},
                    "authorizationUrl": "auth",
                    "tokenUrl": "token",
                },
            },
        }),
    );
}

#[test]
fn schemes_of_other_names_are_challenged_by_them() {
    assert_eq!(
        HttpBase::new("hmac-SHA256_x").challenge().headers()["www-authenticate"],
        "Hmac-Sha256_X"
    );
}

mod answers {
    use super::*;

    #[security]
    fn forbidden() -> HttpBearer {
        HttpBearer::new()
            .scheme_name("HTTPBearer403")
            .not_authenticated(HttpException::forbidden("Not authenticated"))
    }

    #[get("/me")]
    async fn read_me(credentials: Depends<forbidden>) -> Value {
        credentials.shown()
    }

    #[security]
    fn staff() -> Optional<HttpBasic> {
        HttpBasic::new()
            .not_authenticated(HttpException::new(400, "What?"))
            .optional()
    }

    #[get("/staff")]
    async fn read_staff(credentials: Depends<staff>) -> Value {
        json!(credentials.is_some())
    }

    #[test]
    fn of_ones_own_take_the_place_of_401() {
        let app = App::new().routes(routes![read_me, read_staff]);
        let document = app.openapi();
        let asked = &document["paths"]["/me"]["get"]["security"];
        assert_eq!(*asked, json!([{"HTTPBearer403": []}]));
        let client = TestClient::new(app);
        let refused = client.get("/me").send();
        refused.assert_json(403, json!({"detail": "Not authenticated"}));
        assert_eq!(refused.header("www-authenticate"), None);
        client.get("/staff").send().assert_json(200, false);
        let malformed = client
            .get("/staff")
            .header("authorization", "Basic !")
            .send();
        malformed.assert_json(400, json!({"detail": "What?"}));
    }
}

mod of_ones_own {
    use super::*;

    struct Ticket;

    impl SecurityScheme for Ticket {
        type Credentials = String;

        fn name(&self) -> &str {
            "Ticket"
        }

        fn object(&self) -> Object {
            Object::new()
        }

        fn find(&self, request: &Request) -> Result<Option<String>> {
            Ok(request.header("x-ticket").map(str::to_owned))
        }

        fn challenge(&self) -> HttpException {
            HttpException::unauthorized("No ticket")
        }
    }

    #[security]
    fn ticket() -> Optional<Ticket> {
        Optional::new(Ticket)
    }

    #[get("/")]
    async fn read(ticket: Depends<ticket>) -> Value {
        json!(*ticket)
    }

    #[test]
    fn schemes_can_be_optional_too() {
        assert_eq!(ticket().describe().0, "Ticket");
        let client = TestClient::new(App::new().routes(routes![read]));
        client.get("/").send().assert_json(200, Value::Null);
    }
}

mod strict_form {
    use super::*;

    #[post("/login")]
    async fn login(form: Depends<OAuth2PasswordRequestFormStrict>) -> Value {
        let scopes: Vec<&str> = form.scopes().collect();
        json!({
            "grant_type": form.grant_type,
            "username": form.username,
            "password": form.password,
            "scopes": scopes,
            "client_id": form.client_id,
            "client_secret": form.client_secret,
        })
    }

    fn send(fields: &[(&str, &str)]) -> TestResponse {
        let client = TestClient::new(App::new().routes(routes![login]));
        client.post("/login").form(fields.iter().copied()).send()
    }

    #[test]
    fn demands_the_grant_type() {
        let missing = |field: &str| json!({"type": "missing", "loc": ["body", field], "msg": "Field required", "input": null});
        send(&[]).assert_json(
            422,
            json!({"detail": [missing("grant_type"), missing("username"), missing("password")]}),
        );
        let named = [("username", "johndoe"), ("password", "secret")];
        send(&named).assert_json(422, json!({"detail": [missing("grant_type")]}));
        let wrong = json!({
            "type": "string_pattern_mismatch",
            "loc": ["body", "grant_type"],
            "msg": "String should match pattern '^password$'",
            "input": "incorrect",
            "ctx": {"pattern": "^password$"},
        });
        let fields = [("grant_type", "incorrect"), named[0], named[1]];
        send(&fields).assert_json(422, json!({"detail": [wrong]}));
        let fields = [("grant_type", "password"), named[0], named[1]];
        send(&fields).assert_json(
            200,
            json!({
                "grant_type": "password",
                "username": "johndoe",
                "password": "secret",
                "scopes": [],
                "client_id": null,
                "client_secret": null,
            }),
        );
    }

    #[test]
    fn is_documented() {
        let document = App::new().routes(routes![login]).openapi();
        let schema = &document["components"]["schemas"]["Body_login_login_post"];
        assert_eq!(
            schema["required"],
            json!(["grant_type", "username", "password"])
        );
        assert_eq!(
            schema["properties"]["grant_type"],
            json!({"title": "Grant Type", "pattern": "^password$", "type": "string"})
        );
    }
}
