//! WebSockets as FastAPI declares them, in process.

mod failures;
mod guards;
mod messages;

use aplomb::prelude::*;
use aplomb::testing::TestClient;

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

#[get("/http")]
async fn no_websocket(url: Depends<url>) -> String {
    url.to_string()
}

#[test]
#[should_panic(expected = "`no_websocket`")]
fn a_websocket_is_no_argument_of_http() {
    App::new().routes(routes![no_websocket]).build();
}
