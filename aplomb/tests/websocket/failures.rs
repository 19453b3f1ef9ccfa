//! What a client sees of errors, before and after it is accepted.

use aplomb::HttpException;
use aplomb::app::Raised;
use aplomb::prelude::*;
use aplomb::testing::TestClient;
use aplomb::websocket::{WebSocketException, WebSocketRequestValidationError};

use crate::parameters;

#[derive(Debug)]
struct Custom;

impl std::fmt::Display for Custom {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("custom")
    }
}

impl std::error::Error for Custom {}

#[websocket("/fail/{how}")]
pub(crate) async fn fail(
    socket: WebSocket,
    how: String,
    #[query(default)] late: bool,
) -> Result<()> {
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
        "file" => {
            let page = FileResponse::new("Cargo.toml").status(404);
            Ok(socket.deny(page.into()).await?)
        }
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
    let file = client.websocket("/fail/file").refused();
    assert_eq!(file.status(), 404);
    assert!(file.text().starts_with("[package]"), "{}", file.text());
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

async fn broken(_: WebSocket, error: Raised<Custom>) -> Result<()> {
    panic!("cannot handle {error:?}")
}

#[test]
fn a_panic_of_an_exception_handler_ends_websockets() {
    let app = App::new()
        .routes(routes![fail])
        .websocket_exception_handler(broken);
    let client = TestClient::new(app).raise_server_exceptions(false);
    assert_eq!(client.websocket("/fail/other").refused().status(), 500);
    let mut socket = client.websocket("/fail/other?late=true").connect();
    let close = socket.receive_close();
    assert_eq!((close.code, &*close.reason), (1011, ""));
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
