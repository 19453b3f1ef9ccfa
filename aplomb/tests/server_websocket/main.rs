//! WebSockets over real connections: what a busy function must not hold up, and how they end.

mod ending;
mod running;
mod wire;

use std::time::{Duration, Instant};

use aplomb::WebSocketSettings;
use aplomb::prelude::*;
use aplomb::serve::Limits;
use futures_util::StreamExt as _;
use running::Running;
use wire::{CLOSE, PING, PONG, TEXT, code, is_closed, read_head, receive_until, send};

/// Sends from two tasks as fast as it can.
#[websocket("/flood")]
async fn flood(socket: WebSocket, #[query(default = 10)] length: usize) -> Result<()> {
    socket.accept().await?;
    let (sender, mut receiver) = socket.split();
    for _ in 0..2 {
        let sender = sender.clone();
        tokio::spawn(async move { while sender.send_text("x".repeat(length)).await.is_ok() {} });
    }
    while receiver.next().await.is_some() {}
    Ok(())
}

#[websocket("/echo")]
async fn echo(socket: WebSocket) -> Result<()> {
    socket.accept().await?;
    loop {
        let message = socket.receive_message().await?;
        socket.send_message(message).await?;
    }
}

#[websocket("/undecided")]
async fn undecided(_socket: WebSocket) -> Result<()> {
    std::future::pending().await
}

/// Does not end when its client leaves.
#[websocket("/lingering")]
async fn lingering(socket: WebSocket) -> Result<()> {
    socket.accept().await?;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    Ok(())
}

fn app() -> App {
    let settings = WebSocketSettings {
        max_size: 1000,
        ping_interval: Some(Duration::from_millis(700)),
        ping_timeout: Some(Duration::from_millis(700)),
        ..WebSocketSettings::default()
    };
    App::new()
        .websockets(settings)
        .routes(routes![flood, echo, undecided, lingering])
}

pub(crate) const DEFLATE: &str = "Sec-WebSocket-Extensions: permessage-deflate\r\n";

/// Functions that send without pause: short messages, long ones, and ones deflated in pieces.
const FLOODS: [(&str, &str); 3] = [
    ("/flood", ""),
    ("/flood?length=300000", ""),
    ("/flood?length=3000000", DEFLATE),
];

#[test]
fn pings_and_closes_are_answered_while_a_function_sends() {
    let running = Running::start(app(), Limits::default());
    for (target, extensions) in FLOODS {
        let stream = running.open(target, extensions);
        receive_until(&stream, TEXT);
        send(&stream, PING, b"are you there?");
        assert_eq!(receive_until(&stream, PONG), b"are you there?", "{target}");
        send(&stream, CLOSE, &1000_u16.to_be_bytes());
        assert_eq!(code(&receive_until(&stream, CLOSE)), 1000, "{target}");
        assert!(is_closed(&stream), "{target}");
    }
    assert!(running.stop() < Duration::from_secs(3));
}

#[test]
fn a_stop_is_seen_while_functions_send() {
    let running = Running::start(app(), Limits::default());
    let streams = FLOODS.map(|(target, extensions)| running.open(target, extensions));
    let readers = streams.map(|stream| {
        receive_until(&stream, TEXT);
        std::thread::spawn(move || {
            let close = receive_until(&stream, CLOSE);
            send(&stream, CLOSE, &close);
            assert!(is_closed(&stream));
            code(&close)
        })
    });
    let undecided = running.ask("/undecided", "");
    std::thread::sleep(Duration::from_millis(200));
    assert!(running.stop() < Duration::from_secs(3));
    for reader in readers {
        assert_eq!(reader.join().expect("a close frame"), 1012);
    }
    let head = read_head(&undecided).expect("an answer");
    assert!(head.starts_with("HTTP/1.1 500"), "{head}");
}

#[test]
fn messages_above_the_limit_are_closed_with_1009() {
    let running = Running::start(app(), Limits::default());
    let stream = running.open("/echo", "");
    send(&stream, TEXT, &[b'x'; 1000]);
    assert_eq!(receive_until(&stream, TEXT).len(), 1000);
    send(&stream, TEXT, &[b'x'; 1001]);
    assert_eq!(code(&receive_until(&stream, CLOSE)), 1009);
    running.stop();
}

#[test]
fn clients_that_answer_no_ping_are_closed_with_1011() {
    let running = Running::start(app(), Limits::default());
    let stream = running.open("/echo", "");
    let ping = receive_until(&stream, PING);
    send(&stream, PONG, &ping);
    let answered = Instant::now();
    receive_until(&stream, PING);
    assert_eq!(code(&receive_until(&stream, CLOSE)), 1011);
    assert!(answered.elapsed() > Duration::from_millis(1200));
    running.stop();
}

#[test]
fn a_function_keeps_its_seat_until_it_has_ended() {
    let running = Running::start(
        app(),
        Limits {
            connections: 2,
            ..Limits::default()
        },
    );
    for _ in 0..2 {
        let stream = running.open("/lingering", "");
        send(&stream, CLOSE, &1000_u16.to_be_bytes());
        assert_eq!(code(&receive_until(&stream, CLOSE)), 1000);
        assert!(is_closed(&stream));
    }
    // Both clients have left, their functions have not.
    let begun = Instant::now();
    let head = read_head(&running.ask("/echo", ""));
    let refused = !head.is_ok_and(|head| head.starts_with("HTTP/1.1 101"));
    assert!(refused || begun.elapsed() > Duration::from_millis(800));
    running.stop();
}
