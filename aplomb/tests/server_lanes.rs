//! Operations that hold their thread hold up nobody else.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use aplomb::prelude::*;
use aplomb::serve::{Address, Server};
use futures_util::StreamExt as _;
use tokio::sync::oneshot;

/// How long a test waits for what has to come.
const PATIENCE: Duration = Duration::from_secs(50);

/// Holds threads until it is opened, however long the machine takes meanwhile.
#[derive(Default)]
struct Hold {
    begun: AtomicUsize,
    open: AtomicBool,
}

impl Hold {
    /// Computes until then.
    fn burn(&self) {
        self.held_by(std::hint::spin_loop);
    }

    /// Blocks in the kernel, as a driver without async does.
    fn block(&self) {
        self.held_by(|| sleep(Duration::from_millis(50)));
    }

    fn held_by(&self, hold: impl Fn()) {
        self.begun.fetch_add(1, SeqCst);
        let begin = Instant::now();
        while !self.open.load(SeqCst) {
            assert!(begin.elapsed() < PATIENCE, "nobody lets go");
            hold();
        }
    }

    /// Waits until so many threads are held.
    fn wait_for(&self, begun: usize) {
        let begin = Instant::now();
        while self.begun.load(SeqCst) < begun {
            assert!(begin.elapsed() < PATIENCE, "{begun} threads");
            sleep(Duration::from_millis(1));
        }
    }
}

#[get("/light")]
async fn light() -> &'static str {
    "light"
}

/// Computes without an await.
#[get("/burn", deadline = "60s")]
async fn burn(hold: bool, held: State<Arc<Hold>>) -> &'static str {
    if hold {
        held.burn();
    }
    "burnt"
}

#[get("/block", deadline = "60s")]
async fn block(hold: bool, held: State<Arc<Hold>>) -> &'static str {
    if hold {
        held.block();
    }
    "blocked"
}

/// Computes before each item without an await.
#[get("/stream", deadline = "60s")]
async fn stream(hold: bool, held: State<Arc<Hold>>) -> impl Stream<Item = String> {
    let held = Arc::clone(&held);
    futures_util::stream::iter(0..2).map(move |item| {
        if hold {
            held.burn();
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
    hold: Arc<Hold>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    fn start() -> Self {
        let hold: Arc<Hold> = Arc::default();
        let app = App::new().state(Arc::clone(&hold)).routes(routes![
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
            hold,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// The status and the body of an answer, on a connection of its own.
    fn get(&self, target: &str) -> (u16, String) {
        get(self.address, target)
    }

    fn send(&self, target: &'static str) -> JoinHandle<(u16, String)> {
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
        self.hold.open.store(true, SeqCst);
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().expect("a clean end");
        }
    }
}

fn get(address: SocketAddr, target: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n"
    )
    .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    (status.expect("a status"), body.to_owned())
}

/// Asks the light route a few times once so many threads are held, and lets go of them when it has
/// answered; what the held ones answer.
fn light_beside(
    running: &Running,
    begun: usize,
    held: Vec<JoinHandle<(u16, String)>>,
) -> Vec<String> {
    running.hold.wait_for(begun);
    for _ in 0..20 {
        assert_eq!(running.get("/light"), (200, "\"light\"".to_owned()));
        sleep(Duration::from_millis(5));
    }
    assert!(!held.iter().any(JoinHandle::is_finished));
    running.hold.open.store(true, SeqCst);
    let answers = held.into_iter().map(|held| held.join().expect("an answer"));
    answers
        .map(|(status, body)| {
            assert_eq!(status, 200, "{body}");
            body
        })
        .collect()
}

#[test]
fn routes_that_compute_do_not_hold_up_others() {
    let running = Running::start();
    let held = (0..4).map(|_| running.send("/burn?hold=true")).collect();
    // Not more of them than there are processors.
    let answers = light_beside(&running, 1, held);
    assert_eq!(answers, ["\"burnt\""; 4]);
}

#[test]
fn routes_that_block_run_beside_each_other() {
    let running = Running::start();
    let held = (0..8).map(|_| running.send("/block?hold=true")).collect();
    let answers = light_beside(&running, 8, held);
    assert_eq!(answers, ["\"blocked\""; 8]);
}

#[test]
fn a_route_that_was_light_is_rescued_from_while_it_holds_its_worker() {
    let running = Running::start();
    running.prove("/burn?hold=false");
    running.prove("/block?hold=false");
    running.prove("/light");
    // As many as there are workers, of both kinds.
    let targets = ["/burn?hold=true", "/block?hold=true", "/block?hold=true"];
    let held = targets.map(|target| running.send(target));
    light_beside(&running, 3, held.into());
    // Now it is known, from the first poll on.
    running.hold.begun.store(0, SeqCst);
    running.hold.open.store(false, SeqCst);
    let again = (0..4).map(|_| running.send("/block?hold=true")).collect();
    light_beside(&running, 4, again);
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
    let held = (0..4).map(|_| running.send("/stream?hold=true")).collect();
    for body in light_beside(&running, 1, held) {
        assert_eq!(body.matches("aplomb-isolated").count(), 2, "{body}");
    }
}

#[test]
fn a_stream_that_was_light_is_moved_while_it_is_sent() {
    let running = Running::start();
    running.prove("/stream?hold=false");
    running.prove("/light");
    let begin = Instant::now();
    while running.get("/stream?hold=false").1.contains("isolated") {
        // On a busy machine a light poll may take long now and then.
        assert!(begin.elapsed() < PATIENCE);
    }
    let held = (0..3).map(|_| running.send("/stream?hold=true")).collect();
    for body in light_beside(&running, 3, held) {
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
