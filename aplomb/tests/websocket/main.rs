//! WebSockets as FastAPI declares them, in process.

use aplomb::app::Raised;
use aplomb::middleware::Next;
use aplomb::prelude::*;
use aplomb::security::{ApiKeyHeader, HttpBearer};
use aplomb::testing::{AsyncTestClient, TestClient};
use aplomb::websocket::{
    Message, WebSocketError, WebSocketException, WebSocketRequestValidationError,
};
use aplomb::{HttpException, WebSocketSettings};

#[dependency]
fn names() -> std::sync::Arc<std::sync::Mutex<Vec<&'static str>>> {
    std::sync::Arc::default()
}

macro_rules! named {
    ($($name:ident)*) => {$(
        #[dependency]
        async fn $name(names: Depends<names>) {
            names.lock().expect("no panic").push(stringify!($name));
        }
    )*};
}
named! { of_app of_router of_route }

#[websocket("/ws", dependencies(of_route))]
async fn tell_names(socket: WebSocket, names: Depends<names>) -> Result<()> {
    socket.accept().await?;
    let names = names.lock().expect("no panic").join(" ");
    socket.send_text(names).await?;
    Ok(())
}

#[test]
fn dependencies_of_app_router_and_route_run_in_this_order() {
    let router = Router::new()
        .prefix("/below")
        .depends::<of_router>()
        .routes(routes![tell_names]);
    let app = App::new()
        .depends::<of_app>()
        .include(router)
        .routes(routes![tell_names]);
    let client = TestClient::new(app);
    let mut socket = client.websocket("/below/ws").connect();
    assert_eq!(socket.receive_text(), "of_app of_router of_route");
    assert_eq!(socket.receive_close().code, 1000);
    let mut socket = client.websocket("/ws").connect();
    assert_eq!(socket.receive_text(), "of_app of_route");
}

#[websocket("/router/{rest:path}")]
async fn parameters(
    socket: WebSocket,
    rest: String,
    #[query(ge = 1)] count: i64,
    #[header] x_token: Option<String>,
    #[cookie] session: Option<String>,
) -> Result<()> {
    socket.accept().await?;
    let all = json!([rest, count, x_token, session]);
    socket.send_json(&all).await?;
    socket.send_json_bytes(&all).await?;
    Ok(())
}

#[test]
fn parameters_come_from_where_those_of_http_come_from() {
    let client = TestClient::new(App::new().routes(routes![parameters]));
    client.set_cookie("session", "s");
    let mut socket = client
        .websocket("/router/a/b?count=3")
        .header("X-Token", "t")
        .connect();
    assert_eq!(socket.receive_text(), r#"["a/b",3,"t","s"]"#);
    assert_eq!(socket.receive_bytes(), r#"["a/b",3,"t","s"]"#);
    let refused = client.websocket("/router/x?count=0").refused();
    refused.assert_status(403);
    let close = refused.close().expect("a close before accept");
    assert_eq!(close.code, 1008);
    assert!(close.reason.contains("greater_than_equal"), "{close}");
}

#[test]
fn only_handshakes_reach_a_websocket() {
    let client = TestClient::new(App::new().routes(routes![tell_names]));
    client
        .get("/ws")
        .send()
        .assert_json(404, json!({"detail": "Not Found"}));
    client.get("/ws/").send().assert_status(404);
    let refused = client.websocket("/nowhere").refused();
    refused.assert_status(403);
    assert_eq!(refused.text(), "");
    assert_eq!(refused.close().map(|close| close.code), Some(1000));
    assert_eq!(client.websocket("/ws/").refused().status(), 403);
    let document = client.get("/openapi.json").send().json();
    assert_eq!(document["paths"], json!({}));
}

#[get("/ws")]
async fn same_path() -> String {
    "by HTTP".to_owned()
}

#[test]
fn one_path_may_be_both() {
    let client = TestClient::new(App::new().routes(routes![same_path, tell_names]));
    client.get("/ws").send().assert_json(200, "by HTTP");
    let mut socket = client.websocket("/ws").connect();
    assert_eq!(socket.receive_text(), "of_route");
}

#[derive(Debug)]
struct Custom;

impl std::fmt::Display for Custom {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("custom")
    }
}

impl std::error::Error for Custom {}

#[websocket("/fail/{how}")]
async fn fail(socket: WebSocket, how: String, #[query(default)] late: bool) -> Result<()> {
    if late {
        socket.accept().await?;
    }
    match &*how {
        "http" => Err(HttpException::new(418, "teapot")
            .header("x-pot", "tea")
            .into()),
        "exception" => Err(WebSocketException::new(3210, "because").into()),
        "panic" => panic!("of course"),
        "close" => Ok(socket.close(1008, "no").await?),
        "deny" => Ok(socket.deny(Response::text("not today").status(451)).await?),
        "return" => Ok(()),
        _ => Err(Custom.into()),
    }
}

#[test]
fn failures_before_accept_answer_the_handshake() {
    let client = TestClient::new(App::new().routes(routes![fail])).raise_server_exceptions(false);
    for (how, status, body, code) in [
        ("http", 418, r#"{"detail":"teapot"}"#, None),
        ("exception", 403, "", Some(3210)),
        ("close", 403, "", Some(1008)),
        ("deny", 451, "not today", None),
        ("panic", 500, "Internal Server Error", None),
        ("return", 500, "Internal Server Error", None),
        ("other", 500, "Internal Server Error", None),
    ] {
        let refused = client.websocket(&format!("/fail/{how}")).refused();
        assert_eq!(refused.status(), status, "{how}");
        assert_eq!(refused.text(), body, "{how}");
        assert_eq!(refused.close().map(|close| close.code), code, "{how}");
    }
    let teapot = client.websocket("/fail/http").refused();
    assert_eq!(teapot.header("x-pot"), Some("tea"));
}

#[test]
fn failures_after_accept_close_the_connection() {
    let client = TestClient::new(App::new().routes(routes![fail])).raise_server_exceptions(false);
    for (how, code, reason) in [
        ("http", 1011, ""),
        ("exception", 3210, "because"),
        ("close", 1008, "no"),
        ("panic", 1011, ""),
        ("return", 1000, ""),
        ("other", 1011, ""),
    ] {
        let mut socket = client
            .websocket(&format!("/fail/{how}?late=true"))
            .connect();
        let close = socket.receive_close();
        assert_eq!((close.code, &*close.reason), (code, reason), "{how}");
    }
}

#[test]
#[should_panic(expected = "nobody handles: custom")]
fn errors_that_nobody_handles_fail_the_test() {
    let client = TestClient::new(App::new().routes(routes![fail]));
    client
        .websocket("/fail/other?late=true")
        .connect()
        .receive();
}

#[test]
fn exception_handlers_end_websockets() {
    let app = App::new()
        .routes(routes![fail, parameters])
        .websocket_exception_handler(|socket: WebSocket, error: Raised<Custom>| async move {
            socket.close(1002, error.to_string()).await
        })
        .websocket_exception_handler(
            |socket: WebSocket, error: Raised<WebSocketRequestValidationError>| async move {
                socket.accept().await?;
                socket
                    .close(4422, error.problems()[0].message.clone())
                    .await
            },
        );
    let client = TestClient::new(app);
    let refused = client.websocket("/fail/other").refused();
    assert_eq!(refused.close().map(|close| &*close.reason), Some("custom"));
    let mut socket = client.websocket("/fail/other?late=true").connect();
    assert_eq!(socket.receive_close().code, 1002);
    let mut socket = client.websocket("/router/x").connect();
    let close = socket.receive_close();
    assert_eq!((close.code, &*close.reason), (4422, "Field required"));
}

#[test]
fn http_exception_handlers_answer_handshakes() {
    let app = App::new()
        .routes(routes![fail])
        .exception_handler(|_: Request, error: Raised<Custom>| async move {
            Response::text(error.to_string()).status(409)
        })
        .status_handler(418, |_, _| async { Response::text("handled").status(418) });
    let client = TestClient::new(app);
    let refused = client.websocket("/fail/other").refused();
    assert_eq!((refused.status(), &*refused.text()), (409, "custom"));
    assert_eq!(client.websocket("/fail/http").refused().text(), "handled");
}

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

#[dependency]
async fn greeting() -> String {
    "Socket Dependency".to_owned()
}

#[websocket("/greeting")]
async fn greet(socket: WebSocket, greeting: Depends<greeting>) -> Result<()> {
    socket.accept().await?;
    socket.send_text(greeting.to_string()).await?;
    Ok(())
}

#[test]
fn overrides_hold_for_websockets() {
    let app = App::new().routes(routes![greet]);
    let client = TestClient::new(app.override_value::<greeting>("Override".to_owned()));
    assert_eq!(
        client.websocket("/greeting").connect().receive_text(),
        "Override"
    );
}

#[dependency]
async fn url(socket: WebSocket) -> String {
    format!(
        "{} {:?}",
        socket.url(),
        socket.client().map(|client| client.host)
    )
}

#[websocket("/about/{name}")]
async fn about(socket: WebSocket, url: Depends<url>) -> Result<()> {
    let offered = socket.subprotocols().join(" ");
    socket
        .accept_with(Some("chat.v2"), [("x-room", "blue")])
        .await?;
    socket.send_text(format!("{} {offered}", *url)).await?;
    let name = socket.path_params().get("name").unwrap_or_default();
    socket
        .send_text(format!("{name} {:?}", socket.query("q")))
        .await?;
    Ok(())
}

#[test]
fn a_socket_knows_its_handshake() {
    let client = TestClient::new(App::new().routes(routes![about]));
    let request = client.websocket("/about/x?q=1");
    let mut socket = request.subprotocols(&["chat.v1", "chat.v2"]).connect();
    assert_eq!(socket.accepted_subprotocol(), Some("chat.v2"));
    assert_eq!(socket.header("x-room"), Some("blue"));
    assert_eq!(
        socket.receive_text(),
        r#"ws://testserver/about/x?q=1 Some("testclient") chat.v1 chat.v2"#
    );
    assert_eq!(socket.receive_text(), r#"x Some("1")"#);
}

#[derive(Model)]
struct Point {
    #[field(ge = 0)]
    x: i64,
}

#[websocket("/kinds/{kind}")]
async fn kinds(socket: WebSocket, kind: String) -> Result<()> {
    socket.accept().await?;
    loop {
        let got = match &*kind {
            "text" => socket.receive_text().await?,
            "bytes" => format!("{:?}", socket.receive_bytes().await?),
            "json" => socket.receive_json().await?.to_string(),
            "model" => socket.receive::<Point>().await?.x.to_string(),
            _ => format!("{:?}", socket.receive_message().await?),
        };
        socket.send_text(got).await?;
    }
}

#[test]
fn messages_of_the_wrong_kind_close_with_the_code_of_that() {
    let client = TestClient::new(App::new().routes(routes![kinds]));
    let bytes = |bytes: &'static [u8]| Message::from(bytes.to_vec());
    for (kind, message, expected) in [
        ("text", Message::from("hi"), Ok("hi")),
        ("text", bytes(b"hi"), Err(1003)),
        ("bytes", bytes(b"hi"), Ok(r#"b"hi""#)),
        ("bytes", Message::from("hi"), Err(1003)),
        ("json", Message::from("[1, 2]"), Ok("[1,2]")),
        ("json", bytes(b"[1, 2]"), Ok("[1,2]")),
        ("json", Message::from("[1,"), Err(1007)),
        ("model", Message::from(r#"{"x": "7"}"#), Ok("7")),
        ("model", Message::from(r#"{"x": -7}"#), Err(1007)),
        ("any", bytes(b"hi"), Ok(r#"Bytes(b"hi")"#)),
    ] {
        let mut socket = client.websocket(&format!("/kinds/{kind}")).connect();
        socket.send(message.clone());
        let got = socket.try_receive();
        let got = got.map_err(|close| close.code);
        let expected = expected.map(Message::from);
        assert_eq!(got, expected, "{kind} {message:?}");
    }
}

#[websocket("/turns")]
async fn out_of_turn(socket: WebSocket) -> Result<()> {
    let early = socket.send_text("early").await;
    assert!(
        matches!(early, Err(WebSocketError::OutOfTurn(_))),
        "{early:?}"
    );
    socket.accept().await?;
    let twice = socket.accept().await;
    assert!(
        matches!(twice, Err(WebSocketError::OutOfTurn(_))),
        "{twice:?}"
    );
    let gone = socket.receive_text().await.expect_err("the client leaves");
    let gone = gone.disconnect().expect("a disconnect").clone();
    assert_eq!((gone.code, &*gone.reason), (4001, "bye"));
    let late = socket
        .send_text("late")
        .await
        .expect_err("the client has left");
    assert_eq!(late.disconnect(), Some(&gone));
    Err(late.into())
}

#[test]
fn a_disconnect_is_an_error_value_and_ends_quietly() {
    let client = TestClient::new(App::new().routes(routes![out_of_turn]));
    client.websocket("/turns").connect().close_with(4001, "bye");
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

#[tokio::test]
async fn the_async_client_has_them_too() {
    let client = AsyncTestClient::new(App::new().routes(routes![kinds, fail]));
    let mut socket = client.websocket("/kinds/text").connect().await;
    let mut other = client.websocket("/kinds/json").connect().await;
    socket.send_text("one").await;
    other.send_json(&json!({"two": 2})).await;
    assert_eq!(socket.receive_text().await, "one");
    assert_eq!(other.receive_json().await, json!({"two": 2}));
    socket.close().await;
    let refused = client.websocket("/fail/close").refused().await;
    assert_eq!(refused.status(), 403);
}

#[get("/http")]
async fn no_websocket(url: Depends<url>) -> String {
    url.to_string()
}

#[test]
#[should_panic(expected = "`no_websocket`")]
fn a_websocket_is_no_argument_of_http() {
    App::new().routes(routes![no_websocket]).build();
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

#[websocket("/given-up")]
async fn give_up(socket: WebSocket) -> Result<()> {
    use futures_util::StreamExt as _;
    socket.accept().await?;
    let (sender, mut receiver) = socket.split();
    tokio::select! {
        biased;
        _ = receiver.next() => {}
        () = tokio::task::yield_now() => sender.send_text("given up").await?,
    }
    let first = receiver.socket().receive_text().await?;
    sender.send_text(first).await?;
    // Two that wait at once each get one.
    let (second, third) = futures_util::future::join(
        receiver.socket().receive_text(),
        receiver.socket().receive_text(),
    )
    .await;
    sender.send_text(second? + &third?).await?;
    Ok(())
}

#[test]
fn a_receiver_that_stopped_waiting_holds_nothing_up() {
    let client = TestClient::new(App::new().routes(routes![give_up]));
    let mut socket = client.websocket("/given-up").connect();
    assert_eq!(socket.receive_text(), "given up");
    socket.send_text("a");
    assert_eq!(socket.receive_text(), "a");
    socket.send_text("b");
    socket.send_text("c");
    let both = socket.receive_text();
    assert!(both == "bc" || both == "cb", "{both}");
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
