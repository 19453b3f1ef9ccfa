//! Operations that hold their thread hold up nobody else.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use aplomb::prelude::*;
use aplomb::serve::{Address, Server};
use futures_util::StreamExt as _;
use tokio::sync::oneshot;

/// How long what holds a thread holds it.
const HOLD: Duration = Duration::from_millis(600);

#[get("/light")]
async fn light() -> &'static str {
    "light"
}

/// Computes without an await.
#[get("/burn")]
async fn burn(ms: u64) -> &'static str {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_millis(ms) {
        std::hint::spin_loop();
    }
    "burnt"
}

/// Blocks in the kernel, as a driver without async does.
#[get("/block")]
async fn block(ms: u64) -> &'static str {
    sleep(Duration::from_millis(ms));
    "blocked"
}

/// Computes before each item without an await.
#[get("/stream")]
async fn stream(ms: u64) -> impl Stream<Item = String> {
    futures_util::stream::iter(0..2).map(move |item| {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_millis(ms) {
            std::hint::spin_loop();
        }
        format!("{item} {}", thread_name())
    })
}

#[get("/broken_stream", lane = "isolated")]
async fn broken_stream() -> impl Stream<Item = u32> {
    futures_util::stream::iter(0..3).then(|item| async move {
        // What came before is sent meanwhile.
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(item < 2, "on purpose");
        item
    })
}

fn thread_name() -> String {
    std::thread::current().name().unwrap_or_default().to_owned()
}

#[get("/inline", lane = "inline")]
async fn inline() -> String {
    thread_name()
}

#[get("/isolated", lane = "isolated")]
async fn isolated() -> String {
    let before = thread_name();
    tokio::time::sleep(Duration::from_millis(1)).await;
    format!("{before} {}", thread_name())
}

#[get("/measured")]
async fn measured() -> String {
    thread_name()
}

#[get("/panics", lane = "isolated")]
async fn panics() -> &'static str {
    panic!("on purpose")
}

struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    fn start() -> Self {
        let app = App::new().routes(routes![
            light,
            burn,
            block,
            stream,
            broken_stream,
            inline,
            isolated,
            measured,
            panics
        ]);
        let bound = Server::new(Arc::new(app.build()))
            .address("127.0.0.1:0")
            .workers(2)
            .bind()
            .expect("an address");
        let Address::Tcp(address) = bound.address().clone() else {
            panic!("{} is no TCP address", bound.address());
        };
        let address = address.parse().expect("a socket address");
        let (stop, stopped) = oneshot::channel();
        let thread = spawn(move || {
            let served = bound.run_until(async {
                let _ = stopped.await;
            });
            served.expect("a clean end");
        });
        Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// The body of an answer, on a connection of its own, and how long it took.
    fn get(&self, target: &str) -> (u16, String, Duration) {
        get(self.address, target)
    }

    fn send(&self, target: &'static str) -> JoinHandle<(u16, String, Duration)> {
        let address = self.address;
        spawn(move || get(address, target))
    }

    /// Proves a route light.
    fn prove(&self, target: &str) {
        for _ in 0..200 {
            self.get(target);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().expect("a clean end");
        }
    }
}

fn get(address: SocketAddr, target: &str) -> (u16, String, Duration) {
    let begin = Instant::now();
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n"
    )
    .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    (status.expect("a status"), body.to_owned(), begin.elapsed())
}

/// Asks the light route until the held ones have answered; the longest time an answer took.
fn longest_beside(running: &Running, held: &[JoinHandle<(u16, String, Duration)>]) -> Duration {
    let mut longest = Duration::ZERO;
    let mut asked = 0;
    while !held.iter().all(JoinHandle::is_finished) {
        let (status, body, took) = running.get("/light");
        assert_eq!((status, &*body), (200, "\"light\""));
        longest = longest.max(took);
        asked += 1;
        sleep(Duration::from_millis(5));
    }
    assert!(asked > 5, "only {asked} light requests were answered");
    longest
}

#[test]
fn routes_that_compute_do_not_hold_up_others() {
    let running = Running::start();
    let held: Vec<_> = (0..4).map(|_| running.send("/burn?ms=600")).collect();
    let longest = longest_beside(&running, &held);
    assert!(longest < HOLD / 2, "{longest:?}");
    for held in held {
        assert_eq!(held.join().expect("an answer").1, "\"burnt\"");
    }
}

#[test]
fn routes_that_block_run_beside_each_other() {
    let running = Running::start();
    let begin = Instant::now();
    let held: Vec<_> = (0..8).map(|_| running.send("/block?ms=600")).collect();
    let longest = longest_beside(&running, &held);
    assert!(longest < HOLD / 2, "{longest:?}");
    for held in held {
        assert_eq!(held.join().expect("an answer").1, "\"blocked\"");
    }
    // Two at a time, they would take four times as long as one.
    assert!(begin.elapsed() < 3 * HOLD, "{:?}", begin.elapsed());
}

#[test]
fn a_route_that_was_light_is_rescued_from_while_it_holds_its_worker() {
    let running = Running::start();
    running.prove("/burn?ms=0");
    running.prove("/block?ms=0");
    running.prove("/light");
    // As many as there are workers, of both kinds.
    let held = [
        running.send("/burn?ms=600"),
        running.send("/block?ms=600"),
        running.send("/block?ms=600"),
    ];
    let longest = longest_beside(&running, &held);
    assert!(longest < HOLD / 2, "{longest:?}");
    for held in held {
        assert_eq!(held.join().expect("an answer").0, 200);
    }
    // Now it is known, from the first poll on.
    let again: Vec<_> = (0..4).map(|_| running.send("/block?ms=600")).collect();
    let longest = longest_beside(&running, &again);
    assert!(longest < HOLD / 2, "{longest:?}");
}

#[test]
fn a_route_says_its_lane_or_is_measured() {
    let running = Running::start();
    assert_eq!(running.get("/inline").1, "\"aplomb\"");
    assert_eq!(
        running.get("/isolated").1,
        "\"aplomb-isolated aplomb-isolated\""
    );
    assert_eq!(running.get("/measured").1, "\"aplomb-isolated\"");
    let begin = Instant::now();
    while running.get("/measured").1 != "\"aplomb\"" {
        // On a busy machine a light poll may take long now and then.
        assert!(begin.elapsed() < Duration::from_secs(30));
    }
    running.prove("/isolated");
    assert_eq!(
        running.get("/isolated").1,
        "\"aplomb-isolated aplomb-isolated\""
    );
}

#[test]
fn a_panic_in_the_isolated_lane_is_answered() {
    let running = Running::start();
    for _ in 0..5 {
        assert_eq!(running.get("/panics").0, 500);
    }
    assert_eq!(running.get("/isolated").0, 200);
}

#[test]
fn a_stream_that_computes_between_its_items_does_not_hold_up_others() {
    let running = Running::start();
    let held: Vec<_> = (0..4).map(|_| running.send("/stream?ms=300")).collect();
    let longest = longest_beside(&running, &held);
    assert!(longest < HOLD / 2, "{longest:?}");
    for held in held {
        let body = held.join().expect("an answer").1;
        assert_eq!(body.matches("aplomb-isolated").count(), 2, "{body}");
    }
}

#[test]
fn a_stream_that_was_light_is_moved_while_it_is_sent() {
    let running = Running::start();
    running.prove("/stream?ms=0");
    running.prove("/light");
    let body = running.get("/stream?ms=0").1;
    assert!(!body.contains("aplomb-isolated"), "{body}");
    let held: Vec<_> = (0..3).map(|_| running.send("/stream?ms=600")).collect();
    let longest = longest_beside(&running, &held);
    assert!(longest < HOLD / 2, "{longest:?}");
    for held in held {
        let body = held.join().expect("an answer").1;
        assert!(body.contains("1 aplomb-isolated"), "{body}");
    }
}

#[test]
fn a_stream_that_panics_does_not_look_whole() {
    let running = Running::start();
    let body = running.get("/broken_stream").1;
    assert!(body.contains('1'), "{body}");
    // The last chunk, of no bytes, would say that this is all.
    assert!(!body.ends_with("0\r\n\r\n"), "{body}");
}
