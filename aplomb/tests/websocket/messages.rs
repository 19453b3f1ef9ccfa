//! Messages of each kind, and who waits for them.

use aplomb::prelude::*;
use aplomb::testing::{AsyncTestClient, TestClient};
use aplomb::websocket::{Message, WebSocketError};

use crate::failures::fail;

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
