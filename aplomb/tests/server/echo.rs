//! A server on a port of its own whose handlers do what the tests need, and raw clients for it.

#![allow(dead_code, reason = "every test file uses the part it needs")]

#[path = "running.rs"]
pub(crate) mod running;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aplomb::http::{Body, BodyError, Peer, Response};
use aplomb::observe::Record;
use aplomb::operation::ResponseSettings;
use aplomb::serve::{Answering, Dispatch, Limits, Server};
use aplomb::{EventStream, IntoResponse as _, generate};
use running::Running;

/// Answers by path.
#[derive(Default)]
pub(crate) struct Echo {
    pub(crate) answered: AtomicUsize,
    pub(crate) after: AtomicUsize,
    pub(crate) dropped: AtomicUsize,
}

struct Counted(Arc<Echo>, bool);

impl Drop for Counted {
    fn drop(&mut self) {
        let count = if self.1 {
            &self.0.answered
        } else {
            &self.0.dropped
        };
        count.fetch_add(1, Ordering::SeqCst);
    }
}

impl Dispatch for Echo {
    fn dispatch(
        self: Arc<Self>,
        request: http::Request<Body>,
        peer: Peer,
        _: Arc<Record>,
    ) -> Answering {
        assert!(request.uri().path() != "/panic-at-once", "as asked");
        Box::pin(async move {
            let mut counted = Counted(Arc::clone(&self), false);
            let (head, body) = request.into_parts();
            let response = match head.uri.path() {
                "/big" => Response::new(vec![b'x'; 5 << 20]),
                "/slow" => {
                    tokio::time::sleep(Duration::from_millis(400)).await;
                    Response::text("slow")
                }
                "/forever" => std::future::pending().await,
                "/panic" => panic!("as asked"),
                "/panic-later" => {
                    tokio::task::yield_now().await;
                    panic!("{}", String::from("as asked"));
                }
                "/panic-in-body" => {
                    let pieces = futures_util::stream::unfold(3, |left| async move {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        assert!(left > 0, "as asked");
                        Some((Ok::<_, std::io::Error>("piece"), left - 1))
                    });
                    Response::new(Body::from_stream(pieces))
                }
                "/events" => {
                    let open = Counted(Arc::clone(&self), false);
                    let events = generate(async move |events| {
                        let _open = open;
                        events.send(1_u8).await;
                        std::future::pending::<()>().await;
                    });
                    EventStream::new(events)
                        .into_response(&ResponseSettings::default())
                        .expect("a stream")
                }
                "/ignore" => Response::text("ignored"),
                "/client" => Response::text(format!("{:?}", peer.client(&head.headers))),
                "/after" => {
                    let echo = Arc::clone(&self);
                    Response::text("first").after(async move {
                        tokio::time::sleep(Duration::from_millis(200)).await;
                        echo.after.fetch_add(1, Ordering::SeqCst);
                    })
                }
                _ => match body.collect(1 << 30).await {
                    Ok(bytes) => Response::text(bytes),
                    Err(BodyError::TooLarge) => Response::text("too large").status(413),
                    Err(BodyError::Read(_)) => Response::text("broken off").status(400),
                },
            };
            counted.1 = true;
            response
        })
    }
}

/// A running server that echoes.
pub(crate) struct EchoServer {
    pub(crate) echo: Arc<Echo>,
    running: Running,
}

impl EchoServer {
    pub(crate) fn start(limits: Limits) -> Self {
        Self::start_with(|server| server.limits(limits))
    }

    /// With what is set of the server.
    pub(crate) fn start_with(set: impl FnOnce(Server) -> Server) -> Self {
        let echo = Arc::new(Echo::default());
        let server = set(Server::new(Arc::clone(&echo) as Arc<dyn Dispatch>));
        Self {
            echo,
            running: Running::start(server, 2),
        }
    }

    /// Asks the server to stop; how long that took.
    pub(crate) fn stop(self) -> Duration {
        self.running.stop()
    }
}

impl Deref for EchoServer {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}

impl DerefMut for EchoServer {
    fn deref_mut(&mut self) -> &mut Running {
        &mut self.running
    }
}

/// Sends bytes, then reads until the server closes or nothing has come for `quiet`.
pub(crate) fn exchange(mut stream: &TcpStream, bytes: &[u8], quiet: Duration) -> (Vec<u8>, bool) {
    // A refused request may be answered and closed before all of it is out.
    let _ = stream.write_all(bytes);
    stream.set_read_timeout(Some(quiet)).expect("a timeout");
    let (mut answer, mut buffer) = (Vec::new(), vec![0; 65536]);
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return (answer, true),
            Ok(count) => answer.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return (answer, false),
            Err(_) => return (answer, true),
        }
    }
}

/// Reads one answer with a `content-length`, leaving the connection open; its status and body.
pub(crate) fn read_answer(mut stream: &TcpStream) -> std::io::Result<(u16, String, Vec<u8>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("a head in ASCII");
    let status = head[9..12].parse().expect("a status");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a length"))];
    stream.read_exact(&mut body)?;
    Ok((status, head, body))
}
