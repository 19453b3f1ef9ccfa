//! What keeps clients out: schemes, origins and middleware.

use aplomb::middleware::Next;
use aplomb::prelude::*;
use aplomb::security::{ApiKeyHeader, HttpBearer};
use aplomb::testing::TestClient;
use aplomb::{HttpException, WebSocketSettings};

use crate::{greet, same_path, tell_names};

#[security]
fn bearer() -> HttpBearer {
    HttpBearer::new()
}

#[security]
fn key() -> ApiKeyHeader {
    ApiKeyHeader::new("key")
}

#[websocket("/bearer")]
async fn with_bearer(socket: WebSocket, token: Depends<bearer>) -> Result<()> {
    socket.accept().await?;
    socket.send_text(token.credentials.clone()).await?;
    Ok(())
}

#[websocket("/key")]
async fn with_key(socket: WebSocket, key: Depends<key>) -> Result<()> {
    socket.accept().await?;
    socket.send_text(key.to_string()).await?;
    Ok(())
}

#[test]
fn security_schemes_challenge_in_the_answer_to_the_handshake() {
    let client = TestClient::new(App::new().routes(routes![with_bearer, with_key]));
    for (path, name, value, challenge) in [
        ("/bearer", "authorization", "Bearer secret", "Bearer"),
        ("/key", "key", "secret", "APIKey"),
    ] {
        let refused = client.websocket(path).refused();
        refused.assert_json(401, json!({"detail": "Not authenticated"}));
        assert_eq!(refused.header("www-authenticate"), Some(challenge));
        let mut socket = client.websocket(path).header(name, value).connect();
        assert_eq!(socket.receive_text(), "secret");
    }
}

#[test]
fn pages_of_other_sites_are_refused() {
    let client = TestClient::new(App::new().routes(routes![greet]));
    let page = |origin| client.websocket("/greeting").header("origin", origin);
    assert_eq!(
        page("http://testserver").connect().receive_text(),
        "Socket Dependency"
    );
    assert_eq!(page("http://evil.example").refused().status(), 403);
    let settings = WebSocketSettings {
        allowed_origins: vec!["http://evil.example".to_owned()],
        ..WebSocketSettings::default()
    };
    let client = TestClient::new(App::new().routes(routes![greet]).websockets(settings));
    let friend = client
        .websocket("/greeting")
        .header("origin", "http://evil.example");
    assert_eq!(friend.connect().receive_text(), "Socket Dependency");
}

async fn log_in(_: Request, _: Next) -> Result<Response> {
    Err(HttpException::new(401, "log in").into())
}

/// A layer that takes away what is only for one hop.
async fn strip(mut request: Request, next: Next) -> Result<Response> {
    request.headers_mut().remove("upgrade");
    request.headers_mut().remove("connection");
    next.run(request).await
}

struct Stripping;

impl aplomb::middleware::Middleware for Stripping {
    async fn handle(&self, request: Request, next: Next) -> Result<Response> {
        strip(request, next).await
    }

    fn handles_websockets(&self) -> bool {
        true
    }
}

#[test]
fn handshakes_reach_nothing_that_middleware_guards() {
    let axum = axum::Router::new().route("/", axum::routing::get(|| async { "secret" }));
    let app = || {
        let inner = App::new().routes(routes![same_path]);
        App::new()
            .routes(routes![same_path])
            .mount("/files", aplomb::StaticFiles::new("src"))
            .mount("/axum", axum.clone())
            .mount("/inner", inner.build())
    };
    for app in [
        app().middleware(log_in),
        app().middleware(Stripping).middleware(log_in),
    ] {
        let client = TestClient::new(app);
        for path in [
            "/files/lib.rs",
            "/axum/",
            "/docs",
            "/openapi.json",
            "/inner/docs",
            "/none",
        ] {
            assert_eq!(client.get(path).send().status(), 401, "{path}");
            let request = client.get(path).header("connection", "Upgrade");
            let answer = request.header("upgrade", "websocket").send();
            assert_eq!((answer.status(), &*answer.text()), (403, ""), "{path}");
        }
    }
}

#[test]
fn middleware_of_a_router_guards_its_handshakes() {
    let trusted = aplomb::middleware::TrustedHost::new(["shop.example"]);
    let router = aplomb::Router::new().routes(routes![tell_names]);
    let router = router.middleware(log_in).middleware(trusted);
    let client = TestClient::new(App::new().include(router));
    let refused = client.websocket("/ws").refused();
    assert_eq!(refused.status(), 400);
    let mut socket = client
        .websocket("/ws")
        .header("host", "shop.example")
        .connect();
    assert_eq!(socket.receive_text(), "of_route");
}
