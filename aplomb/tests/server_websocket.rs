//! WebSockets over real connections: what a busy function must not hold up, and how they end.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use aplomb::WebSocketSettings;
use aplomb::prelude::*;
use aplomb::serve::{Address, Limits, Server};
use futures_util::StreamExt as _;
use tokio::sync::oneshot;

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

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

struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: JoinHandle<()>,
}

impl Running {
    fn start(limits: Limits) -> Self {
        let settings = WebSocketSettings {
            max_size: 1000,
            ping_interval: Some(Duration::from_millis(700)),
            ping_timeout: Some(Duration::from_millis(700)),
            ..WebSocketSettings::default()
        };
        let app = App::new()
            .websockets(settings)
            .routes(routes![flood, echo, undecided, lingering]);
        let server = Server::new(Arc::new(app.build())).limits(limits);
        let bound = server.address("127.0.0.1:0").bind().expect("a port");
        let Address::Tcp(address) = bound.address() else {
            panic!("not TCP")
        };
        let address = address.parse().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(4)
                .enable_all()
                .build()
                .expect("a runtime");
            let served = runtime.block_on(bound.serve_until(async {
                let _ = stopped.await;
            }));
            runtime.shutdown_timeout(Duration::from_millis(200));
            served.expect("served");
        });
        Self {
            address,
            stop: Some(stop),
            thread,
        }
    }

    fn ask(&self, target: &str, extensions: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .expect("a timeout");
        let head = format!(
            "GET {target} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             {extensions}\r\n"
        );
        stream.write_all(head.as_bytes()).expect("sent");
        stream
    }

    fn open(&self, target: &str, extensions: &str) -> TcpStream {
        let stream = self.ask(target, extensions);
        let head = read_head(&stream).expect("an answer");
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        stream
    }

    fn stop(mut self) -> Duration {
        let begun = Instant::now();
        drop(self.stop.take());
        self.thread.join().expect("an end without panic");
        begun.elapsed()
    }
}

fn read_head(mut stream: &TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8(head).expect("text"))
}

/// Sends a frame, masked with zeros.
fn send(mut stream: &TcpStream, opcode: u8, content: &[u8]) {
    let mut frame = vec![0x80 | opcode];
    match u8::try_from(content.len()) {
        Ok(length) if length < 126 => frame.push(0x80 | length),
        _ => {
            frame.push(0x80 | 126);
            let length = u16::try_from(content.len()).expect("a short message");
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(content);
    stream.write_all(&frame).expect("sent");
}

/// The next frame: opcode and content.
fn receive(mut stream: &TcpStream) -> std::io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 2];
    stream.read_exact(&mut head)?;
    let length = match head[1] {
        126 => {
            let mut length = [0; 2];
            stream.read_exact(&mut length)?;
            usize::from(u16::from_be_bytes(length))
        }
        127 => {
            let mut length = [0; 8];
            stream.read_exact(&mut length)?;
            usize::try_from(u64::from_be_bytes(length)).expect("a length")
        }
        length => usize::from(length),
    };
    let mut content = vec![0; length];
    stream.read_exact(&mut content)?;
    Ok((head[0] & 15, content))
}

/// Reads until a frame of this kind comes.
fn receive_until(stream: &TcpStream, opcode: u8) -> Vec<u8> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(5) {
        let (came, content) = receive(stream).expect("a frame");
        if came == opcode {
            return content;
        }
        assert!(came != CLOSE, "closed: {content:?}");
    }
    panic!("no frame with opcode {opcode} comes");
}

fn is_closed(mut stream: &TcpStream) -> bool {
    match stream.read(&mut [0; 16]) {
        Ok(count) => count == 0,
        Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

fn code(close: &[u8]) -> u16 {
    u16::from_be_bytes([close[0], close[1]])
}

const DEFLATE: &str = "Sec-WebSocket-Extensions: permessage-deflate\r\n";

/// Functions that send without pause: short messages, long ones, and ones deflated in pieces.
const FLOODS: [(&str, &str); 3] = [
    ("/flood", ""),
    ("/flood?length=300000", ""),
    ("/flood?length=3000000", DEFLATE),
];

#[test]
fn pings_and_closes_are_answered_while_a_function_sends() {
    let running = Running::start(Limits::default());
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
    let running = Running::start(Limits::default());
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
    let running = Running::start(Limits::default());
    let stream = running.open("/echo", "");
    send(&stream, TEXT, &[b'x'; 1000]);
    assert_eq!(receive_until(&stream, TEXT).len(), 1000);
    send(&stream, TEXT, &[b'x'; 1001]);
    assert_eq!(code(&receive_until(&stream, CLOSE)), 1009);
    running.stop();
}

#[test]
fn clients_that_answer_no_ping_are_closed_with_1011() {
    let running = Running::start(Limits::default());
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
    let running = Running::start(Limits {
        connections: 2,
        ..Limits::default()
    });
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
