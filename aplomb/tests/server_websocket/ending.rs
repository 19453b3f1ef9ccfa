//! What a function still says when its client closes or breaks a rule.

use std::io::Write as _;

use aplomb::prelude::*;
use aplomb::serve::Limits;
use tokio::task::yield_now;

use crate::DEFLATE;
use crate::running::Running;
use crate::wire::{CLOSE, PING, TEXT, code, frame, is_closed, receive, receive_until, send};

/// Messages in one write, more than wait in a channel.
const MESSAGES: usize = 50;
/// A frame with an opcode that does not exist.
const WRONG: u8 = 3;

/// Echoes, with others getting their turn in between.
#[websocket("/hesitant")]
async fn hesitant(socket: WebSocket) -> Result<()> {
    socket.accept().await?;
    loop {
        let message = socket.receive_message().await?;
        for _ in 0..5 {
            yield_now().await;
        }
        socket.send_message(message).await?;
    }
}

/// Echoes in another task.
#[websocket("/elsewhere")]
async fn elsewhere(socket: WebSocket) -> Result<()> {
    socket.accept().await?;
    let echo = tokio::spawn(async move {
        while let Ok(message) = socket.receive_message().await {
            if socket.send_message(message).await.is_err() {
                break;
            }
        }
    });
    Ok(echo.await?)
}

/// Says goodbye to what came last and nothing after it.
#[websocket("/closing")]
async fn closing(socket: WebSocket) -> Result<()> {
    socket.accept().await?;
    let first = socket.receive_message().await?;
    socket.send_message(first).await?;
    socket.close(4000, "enough").await?;
    Ok(())
}

/// Neither receives nor sends nor ends.
#[websocket("/deaf")]
async fn deaf(socket: WebSocket) -> Result<()> {
    socket.accept().await?;
    std::future::pending().await
}

/// Answers with a text that is deflated in several pieces.
#[websocket("/long")]
async fn long(socket: WebSocket) -> Result<()> {
    socket.accept().await?;
    socket.receive_message().await?;
    let numbers: Vec<String> = (0..40_000).map(|number: u32| number.to_string()).collect();
    socket.send_text(numbers.concat()).await?;
    socket.receive_message().await?;
    Ok(())
}

fn running() -> Running {
    let app = App::new().routes(routes![hesitant, elsewhere, closing, deaf, long]);
    Running::start(app, Limits::default())
}

#[test]
fn messages_are_answered_before_the_close_that_follows_them() {
    let running = running();
    for (target, (last, expected)) in ["/hesitant", "/elsewhere"]
        .into_iter()
        .flat_map(|target| [(target, (CLOSE, 1000)), (target, (WRONG, 1002))])
        .cycle()
        .take(40)
    {
        let mut stream = running.open(target, "");
        let texts: Vec<String> = (0..MESSAGES).map(|number| number.to_string()).collect();
        let frames = texts.iter().map(|text| frame(TEXT, text.as_bytes()));
        let ending = frame(last, &1000_u16.to_be_bytes());
        let all = frames.chain([ending]).collect::<Vec<_>>().concat();
        stream.write_all(&all).expect("sent");
        for text in &texts {
            let (opcode, content) = receive(&stream).expect("an echo");
            assert_eq!((opcode, &*content), (TEXT, text.as_bytes()), "{target}");
        }
        let (opcode, content) = receive(&stream).expect("a close");
        assert_eq!((opcode, code(&content)), (CLOSE, expected), "{target}");
        assert!(is_closed(&stream), "{target}");
    }
    running.stop();
}

#[test]
fn nothing_follows_a_close_of_the_function() {
    let running = running();
    let mut stream = running.open("/closing", "");
    let frames = ["a", "b", "c"].map(|text| frame(TEXT, text.as_bytes()));
    stream.write_all(&frames.concat()).expect("sent");
    let (opcode, content) = receive(&stream).expect("an echo");
    assert_eq!((opcode, &*content), (TEXT, b"a".as_slice()));
    let (opcode, content) = receive(&stream).expect("a close");
    assert_eq!((opcode, code(&content)), (CLOSE, 4000));
    send(&stream, CLOSE, &content);
    assert!(is_closed(&stream));
    running.stop();
}

#[test]
fn a_function_that_does_nothing_holds_no_close_up() {
    let running = running();
    for (last, expected) in [(CLOSE, 1000), (WRONG, 1002)] {
        let stream = running.open("/deaf", "");
        send(&stream, TEXT, b"hello?");
        send(&stream, last, &1000_u16.to_be_bytes());
        assert_eq!(code(&receive_until(&stream, CLOSE)), expected);
        assert!(is_closed(&stream));
    }
}

#[test]
fn a_long_answer_is_whole_before_the_close_that_follows() {
    let running = running();
    let mut stream = running.open("/long", DEFLATE);
    let asked = [frame(TEXT, b"?"), frame(CLOSE, &1000_u16.to_be_bytes())].concat();
    stream.write_all(&asked).expect("sent");
    let mut opcodes = Vec::new();
    while opcodes.last() != Some(&CLOSE) {
        opcodes.push(receive(&stream).expect("a frame").0);
    }
    // 188,890 bytes in pieces of 64 KiB.
    assert_eq!(opcodes, [TEXT, 0, 0, CLOSE]);
}

#[test]
fn a_message_that_restarts_its_stream_without_end_is_refused() {
    let running = running();
    let mut stream = running.open("/hesitant", DEFLATE);
    // Each two bytes end a deflate stream of no content.
    let mut message = frame(TEXT, &[3, 0].repeat(5000));
    message[0] |= 0x40;
    stream.write_all(&message).expect("sent");
    assert_eq!(code(&receive_until(&stream, CLOSE)), 1002);
}

#[test]
fn a_mistake_behind_many_pings_is_told() {
    let running = running();
    for target in ["/hesitant", "/elsewhere"] {
        let mut stream = running.open(target, "");
        let mut all = frame(PING, b"").repeat(40);
        all.extend(frame(WRONG, b""));
        stream.write_all(&all).expect("sent");
        assert_eq!(code(&receive_until(&stream, CLOSE)), 1002);
    }
}
