//! CORS: what pages of other origins are told.

use aplomb::app::Compat;
use aplomb::middleware::Cors;
use aplomb::prelude::*;
use aplomb::testing::{TestClient, TestResponse};

#[get("/")]
async fn home() -> Response {
    Response::text("Homepage").header("vary", "Accept-Encoding")
}

#[get("/failing")]
async fn failing() -> Result<()> {
    Err(std::io::Error::other("broken").into())
}

fn client(cors: Cors) -> TestClient {
    let app = App::new().routes(routes![home, failing]).middleware(cors);
    TestClient::new(app).raise_server_exceptions(false)
}

fn preflight(
    client: &TestClient,
    origin: &str,
    method: &str,
    headers: &[(&str, &str)],
) -> TestResponse {
    let mut request = client
        .options("/")
        .header("origin", origin)
        .header("access-control-request-method", method);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.send()
}

const ASKED: &str = "access-control-request-headers";
const PREFLIGHT_VARY: &str = "Origin, Access-Control-Request-Method, \
    Access-Control-Request-Headers, Access-Control-Request-Private-Network";

#[test]
fn listed_origins() {
    let client = client(
        Cors::new()
            .allow_origins(["https://example.org"])
            .allow_headers(["X-Example", "content-type"])
            .expose_headers(["X-Status", "X-Other"]),
    );
    let response = preflight(
        &client,
        "https://example.org",
        "GET",
        &[(ASKED, "X-Example, Accept")],
    );
    assert_eq!((response.status(), &*response.text()), (200, "OK"));
    assert_eq!(
        response.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(
        response.header("access-control-allow-origin"),
        Some("https://example.org")
    );
    assert_eq!(response.header("access-control-allow-methods"), Some("GET"));
    assert_eq!(response.header("access-control-max-age"), Some("600"));
    assert_eq!(response.header("vary"), Some(PREFLIGHT_VARY));
    assert_eq!(
        response.header("access-control-allow-headers"),
        Some("Accept, Accept-Language, Content-Language, Content-Type, X-Example, content-type")
    );
    assert_eq!(response.header("access-control-allow-credentials"), None);

    let refused = preflight(
        &client,
        "https://another.org",
        "POST",
        &[
            (ASKED, "X-Nope"),
            ("access-control-request-private-network", "true"),
        ],
    );
    assert_eq!(refused.status(), 400);
    assert_eq!(
        refused.text(),
        "Disallowed CORS origin, method, headers, private-network"
    );
    assert_eq!(refused.header("access-control-allow-origin"), None);

    let simple = client
        .get("/")
        .header("origin", "https://example.org")
        .send();
    assert_eq!(simple.text(), "Homepage");
    assert_eq!(
        simple.header("access-control-allow-origin"),
        Some("https://example.org")
    );
    assert_eq!(
        simple.header("access-control-expose-headers"),
        Some("X-Status, X-Other")
    );
    assert_eq!(simple.header("vary"), Some("Accept-Encoding, Origin"));

    let foreign = client
        .get("/")
        .header("origin", "https://another.org")
        .send();
    assert_eq!(foreign.header("access-control-allow-origin"), None);
    assert_eq!(
        foreign.header("access-control-expose-headers"),
        Some("X-Status, X-Other")
    );
    assert_eq!(foreign.header("vary"), Some("Accept-Encoding, Origin"));

    let plain = client.get("/nowhere").send();
    assert_eq!(
        (plain.status(), plain.header("vary")),
        (404, Some("Origin"))
    );
    // An OPTIONS that is no preflight goes to the routes.
    assert_eq!(
        client
            .options("/")
            .header("origin", "https://example.org")
            .send()
            .status(),
        405
    );
}

#[test]
fn every_origin() {
    let client = client(
        Cors::new()
            .allow_origins(["*"])
            .allow_methods(["*"])
            .allow_headers(["*"]),
    );
    let response = preflight(
        &client,
        "https://any.example",
        "QUERY",
        &[(ASKED, "X-One,x-two")],
    );
    assert_eq!(response.status(), 200);
    assert_eq!(response.header("access-control-allow-origin"), Some("*"));
    assert_eq!(
        response.header("access-control-allow-methods"),
        Some("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY")
    );
    assert_eq!(
        response.header(ASKED.replace("request", "allow").as_str()),
        Some("X-One,x-two")
    );
    let bare = preflight(&client, "https://any.example", "GET", &[]);
    assert_eq!(bare.header("access-control-allow-headers"), None);
    let simple = client
        .get("/")
        .header("origin", "https://any.example")
        .send();
    assert_eq!(simple.header("access-control-allow-origin"), Some("*"));
}

#[test]
fn every_origin_with_credentials_is_safe_unless_asked_otherwise() {
    let cors = || Cors::new().allow_origins(["*"]).allow_credentials();
    let safe = client(cors());
    let app = App::new()
        .routes(routes![home])
        .middleware(cors())
        .compat(Compat::Exact);
    let exact = TestClient::new(app);
    for (client, origin, credentials) in [
        (&safe, "*", None),
        (&exact, "https://any.example", Some("true")),
    ] {
        let simple = client
            .get("/")
            .header("origin", "https://any.example")
            .send();
        let preflight = preflight(client, "https://any.example", "GET", &[]);
        for response in [simple, preflight] {
            assert_eq!(response.header("access-control-allow-origin"), Some(origin));
            assert_eq!(
                response.header("access-control-allow-credentials"),
                credentials
            );
        }
    }
}

#[test]
fn credentials_to_listed_origins() {
    let client = client(
        Cors::new()
            .allow_origins(["https://a.example"])
            .allow_credentials(),
    );
    // As FastAPI: the header is there for others too, who may not read the answer anyway.
    for origin in ["https://a.example", "https://b.example"] {
        let response = client.get("/").header("origin", origin).send();
        assert_eq!(
            response.header("access-control-allow-credentials"),
            Some("true")
        );
    }
}

#[test]
fn origins_by_expression_match_as_a_whole() {
    let client = client(Cors::new().allow_origin_regex("https://.*|http://local"));
    for (origin, allowed) in [
        ("https://any.example", true),
        ("http://local", true),
        ("http://local.evil", false),
        ("xhttps://any.example", false),
        ("https://any.example\u{e9}", false),
    ] {
        let response = client.get("/").header("origin", origin).send();
        let told = response.header("access-control-allow-origin");
        assert_eq!(told, allowed.then_some(origin), "{origin}");
    }
}

#[test]
#[should_panic(expected = "is no regular expression for origins")]
fn an_expression_that_is_none() {
    let _ = Cors::new().allow_origin_regex("https://(");
}

#[test]
fn private_networks() {
    let network = ("access-control-request-private-network", "true");
    let client = client(Cors::new().allow_origins(["*"]).allow_private_network());
    let response = preflight(&client, "https://any.example", "GET", &[network]);
    assert_eq!(
        response.header("access-control-allow-private-network"),
        Some("true")
    );
    let response = preflight(&client, "https://any.example", "GET", &[]);
    assert_eq!(
        response.header("access-control-allow-private-network"),
        None
    );
}

#[test]
fn an_unexpected_error_has_no_cors_headers() {
    let client = client(Cors::new().allow_origins(["*"]));
    let response = client
        .get("/failing")
        .header("origin", "https://any.example")
        .send();
    assert_eq!(response.status(), 500);
    assert_eq!(response.header("access-control-allow-origin"), None);
    assert_eq!(response.header("vary"), None);
}
