//! The middleware that comes with the framework: compression, hosts, schemes.

#[path = "middleware_builtin/compression.rs"]
mod compression;

use aplomb::app::Compat;
use aplomb::middleware::{HttpsRedirect, TrustedHost};
use aplomb::prelude::*;
use aplomb::serve::Limits;
use aplomb::testing::TestClient;

#[get("/items/")]
async fn items(request: Request) -> String {
    request.url()
}

#[get("/float")]
async fn float() -> Value {
    Value::Float(f64::NAN)
}

#[post("/floats")]
async fn floats(limit: Vec<i64>) -> usize {
    limit.len()
}

fn routes_of(app: App) -> TestClient {
    let app = app.routes(routes![items, float, floats]);
    TestClient::new(app)
        .follow_redirects(false)
        .raise_server_exceptions(false)
}

#[test]
fn trusted_hosts() {
    let client = routes_of(App::new().middleware(TrustedHost::new([
        "example.com",
        "*.api.example.com",
        "www.example.org",
    ])));
    for (host, status) in [
        ("example.com", 200),
        ("EXAMPLE.com:8000", 200),
        ("a.api.example.com", 200),
        ("api.example.com", 400),
        ("evil.example", 400),
        ("example.com.evil", 400),
        ("example.com@evil", 400),
        ("example.com/evil", 400),
        ("", 400),
    ] {
        let response = client.get("/items/").header("host", host).send();
        assert_eq!(response.status(), status, "{host}");
        if status == 400 {
            assert_eq!(response.text(), "Invalid host header");
            assert_eq!(
                response.header("content-type"),
                Some("text/plain; charset=utf-8")
            );
        }
    }
    let response = client
        .get("/items/?q=1")
        .header("host", "example.org")
        .send();
    assert_eq!(response.status(), 307);
    assert_eq!(
        response.header("location"),
        Some("http://www.example.org/items/?q=1")
    );
    let strict = TrustedHost::new(["www.example.org"]).www_redirect(false);
    let client = routes_of(App::new().middleware(strict));
    assert_eq!(
        client
            .get("/items/")
            .header("host", "example.org")
            .send()
            .status(),
        400
    );
}

#[test]
#[should_panic(expected = "a wildcard must be like `*.example.com`")]
fn a_wildcard_elsewhere() {
    let _ = TrustedHost::new(["example.*"]);
}

#[test]
fn https() {
    let client = routes_of(App::new().middleware(HttpsRedirect));
    for (host, location) in [
        ("example.com", Some("https://example.com/items/?a=b%20c")),
        ("example.com:80", Some("https://example.com/items/?a=b%20c")),
        (
            "example.com:8000",
            Some("https://example.com:8000/items/?a=b%20c"),
        ),
        ("[::1]:443", Some("https://[::1]/items/?a=b%20c")),
        ("evil/x", None),
    ] {
        let response = client.get("/items/?a=b%20c").header("host", host).send();
        assert_eq!(response.header("location"), location, "{host}");
        assert_eq!(
            response.status(),
            if location.is_some() { 307 } else { 400 }
        );
    }
    let secure = client.base_url("https://testserver").get("/items/").send();
    assert_eq!(secure.json(), "https://testserver/items/");
}

#[test]
fn a_slash_redirect_names_the_host_only_if_it_is_trusted() {
    let location = |app: App, root_path: &str| {
        let client = routes_of(app.root_path(root_path));
        let response = client
            .get("/items?a=b")
            .header("host", "evil.example")
            .send();
        assert_eq!(response.status(), 307);
        response.header("location").map(str::to_owned)
    };
    assert_eq!(location(App::new(), "").as_deref(), Some("/items/?a=b"));
    assert_eq!(
        location(App::new(), "/api").as_deref(),
        Some("/api/items/?a=b")
    );
    let exact = App::new().compat(Compat::Exact);
    assert_eq!(
        location(exact, "").as_deref(),
        Some("http://evil.example/items/?a=b")
    );
    let client = routes_of(App::new().middleware(TrustedHost::new(["shop.example"])));
    let response = client.get("/items").header("host", "shop.example").send();
    assert_eq!(
        response.header("location"),
        Some("http://shop.example/items/")
    );
}

#[get("/{path:path}/")]
async fn anything(path: String) -> String {
    path
}

#[test]
fn a_slash_redirect_never_leads_to_another_host() {
    let client = TestClient::new(App::new().routes(routes![anything])).follow_redirects(false);
    for path in ["//evil.example", "/%2Fevil.example", "/%5Cevil.example"] {
        let response = client.get(path).send();
        let location = response.header("location").unwrap_or_default();
        assert!(
            !location.starts_with("//") && !location.starts_with("/\\"),
            "{location}"
        );
    }
}

#[test]
fn floats_without_json_are_null_or_500() {
    let safe = routes_of(App::new());
    let exact = routes_of(App::new().compat(Compat::Exact));
    safe.get("/float").send().assert_json(200, Value::Null);
    let send = |client: &TestClient| {
        let request = client.post("/floats").body("[NaN]");
        request.header("content-type", "application/json").send()
    };
    assert_eq!(send(&safe).status(), 422);
    assert_eq!(send(&safe).json()["detail"][0]["input"], Value::Null);
    for response in [exact.get("/float").send(), send(&exact)] {
        assert_eq!(
            (response.status(), &*response.text()),
            (500, "Internal Server Error")
        );
    }
}

#[post("/raw")]
async fn raw(request: Request) -> Result<usize> {
    Ok(request.body().await?.len())
}

#[test]
fn bodies_have_a_limit_unless_fastapi_has_none() {
    let length = (16 << 20) + 1;
    for (compat, status) in [(Compat::Safe, 413), (Compat::Exact, 200)] {
        let client = TestClient::new(App::new().compat(compat).routes(routes![raw]));
        let response = client.post("/raw").body(vec![0; length]).send();
        assert_eq!(response.status(), status, "{compat:?}");
    }
    let eight = Limits {
        body_bytes: 8,
        ..Limits::default()
    };
    // A limit that is given counts, also one that is the usual one.
    for (limits, length) in [(eight, 9), (Limits::default(), length)] {
        let app = App::new().limits(limits).compat(Compat::Exact);
        let client = TestClient::new(app.routes(routes![raw]));
        let response = client.post("/raw").body(vec![0; length]).send();
        assert_eq!(response.status(), 413, "{length}");
    }
}
