//! The time of a request goes to what took it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aplomb::Service;
use aplomb::http::{Body, Peer};
use aplomb::observe::{Phase, Record};
use aplomb::prelude::*;
use aplomb::serve::{Address, Answering, Dispatch, Server};
use aplomb::testing::TestClient;
use futures_util::stream;

/// How long what is slow takes; everything else takes a small part of it.
const SLOW: Duration = Duration::from_millis(300);

#[dependency]
async fn settings() -> u8 {
    1
}

#[dependency]
async fn database(_settings: Depends<settings>) -> u8 {
    tokio::time::sleep(SLOW).await;
    2
}

#[get("/database/{id}")]
async fn read_database(id: u32, _database: Depends<database>) -> u32 {
    id
}

#[get("/busy")]
async fn burn() -> &'static str {
    std::thread::sleep(SLOW);
    "burnt"
}

#[get("/inline", lane = "inline")]
async fn burn_inline() -> &'static str {
    std::thread::sleep(SLOW);
    "burnt"
}

#[get("/forever")]
async fn never() -> &'static str {
    std::future::pending().await
}

#[get("/waits/inline", lane = "inline")]
async fn wait_inline() -> &'static str {
    tokio::time::sleep(SLOW).await;
    "waited"
}

#[get("/spins")]
async fn spin() -> &'static str {
    let begun = Instant::now();
    while begun.elapsed() < SLOW {
        std::hint::spin_loop();
    }
    "spun"
}

#[get("/waits")]
async fn wait() -> &'static str {
    tokio::time::sleep(SLOW).await;
    "waited"
}

#[get("/thread")]
fn block() -> &'static str {
    std::thread::sleep(SLOW);
    "blocked"
}

#[post("/items")]
async fn create_item(item: Value) -> Value {
    item
}

#[get("/stream")]
async fn trickle() -> Response {
    let pieces = stream::unfold(3, |left| async move {
        tokio::time::sleep(SLOW / 3).await;
        (left > 0).then_some((Ok::<_, std::io::Error>("piece"), left - 1))
    });
    Response::new(Body::from_stream(pieces))
}

#[dependency(scope = "function")]
async fn session(cleanup: Cleanup) -> u8 {
    cleanup.defer(|_| async {
        tokio::time::sleep(SLOW).await;
        Ok(())
    });
    3
}

#[get("/session")]
async fn read_session(_session: Depends<session>) -> &'static str {
    "closed"
}

/// A service whose records are looked at when they end.
struct Watched(Arc<Service>, Mutex<Sender<Arc<Record>>>);

impl Dispatch for Watched {
    fn dispatch(
        self: Arc<Self>,
        request: http::Request<Body>,
        peer: Peer,
        record: Arc<Record>,
    ) -> Answering {
        Arc::clone(&self.0).dispatch(request, peer, record)
    }

    fn ended(&self, record: &Arc<Record>) {
        let _ = self.1.lock().expect("the sender").send(Arc::clone(record));
    }
}

/// A served app, and the records of its requests as they end.
struct Observed {
    address: String,
    ended: Receiver<Arc<Record>>,
    _stop: tokio::sync::oneshot::Sender<()>,
}

impl Observed {
    fn start() -> Self {
        let shop = App::new()
            .routes(routes![create_item, read_session])
            .build();
        let app = App::new()
            .routes(routes![
                read_database,
                burn,
                burn_inline,
                spin,
                wait,
                wait_inline,
                never,
                block,
                trickle
            ])
            .mount("/{tenant}/shop", shop);
        let (sender, ended) = channel();
        let watched = Watched(Arc::new(app.build()), Mutex::new(sender));
        let server = Server::new(Arc::new(watched)).address("127.0.0.1:0");
        let bound = server.bind().expect("a port");
        let Address::Tcp(address) = bound.address() else {
            panic!("not TCP")
        };
        let address = address.clone();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            let stopped = async { drop(stopped.await) };
            runtime
                .block_on(bound.serve_until(stopped))
                .expect("served");
        });
        let _stop = stop;
        Self {
            address,
            ended,
            _stop,
        }
    }

    /// The record of the request that ended last.
    fn record(&self) -> Arc<Record> {
        let wait = Duration::from_secs(20);
        self.ended.recv_timeout(wait).expect("a record")
    }

    fn get(&self, path: &str) -> Arc<Record> {
        let status = ask(&self.address, &[&get(path)]);
        let record = self.record();
        assert_eq!(
            record.status().map(|known| known.as_str().to_owned()),
            Some(status)
        );
        assert_eq!(record.times().total(), record.age(), "no moment is lost");
        record
    }
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
}

/// Sends the pieces of a request, with a pause after each but the last, and reads the answer; its
/// status.
fn ask(address: &str, pieces: &[&str]) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            std::thread::sleep(SLOW);
        }
        stream.write_all(piece.as_bytes()).expect("sent");
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.split(' ').nth(1).expect("a status").to_owned()
}

/// Asserts that one phase took the time, and more than all others together.
fn assert_took(record: &Record, phase: Phase) {
    let times = record.times();
    let spent = times.of(phase).total();
    assert!(spent >= SLOW * 9 / 10, "{phase}: {times:?}");
    assert!(spent * 2 > times.total(), "{phase}: {times:?}");
    assert_eq!(times.longest(), phase);
}

#[test]
fn a_slow_dependency_is_named() {
    let record = Observed::start().get("/database/7");
    assert_took(&record, Phase::Dependencies);
    let dependencies: Vec<_> = record.dependencies().collect();
    let names: Vec<_> = dependencies.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["settings", "database"]);
    let (fast, slow) = (dependencies[0].1, dependencies[1].1);
    assert!(
        slow.awaiting >= SLOW * 9 / 10 && slow.awaiting > slow.busy * 2,
        "{slow:?}"
    );
    assert!(fast.total() * 2 < slow.total(), "{fast:?}");
    assert_eq!(record.route().as_deref(), Some("/database/{id}"));
    assert_eq!(record.name(), Some("read_database"));
    assert_eq!(record.target(), "/database/7");
}

#[test]
fn a_handler_is_busy_or_awaits() {
    let observed = Observed::start();
    for path in ["/busy", "/inline", "/thread"] {
        let record = observed.get(path);
        assert_took(&record, Phase::Handler);
        let spent = record.times().of(Phase::Handler);
        assert!(spent.busy > spent.awaiting * 2, "{path}: {spent:?}");
    }
    for path in ["/waits", "/waits/inline"] {
        let record = observed.get(path);
        assert_took(&record, Phase::Handler);
        let spent = record.times().of(Phase::Handler);
        assert!(spent.awaiting > spent.busy * 2, "{path}: {spent:?}");
    }
}

#[test]
fn waiting_for_a_thread_is_no_work() {
    let observed = Observed::start();
    let processors = std::thread::available_parallelism().map_or(1, Into::into);
    let count: usize = processors * 4;
    let askers: Vec<_> = (0..count)
        .map(|_| observed.address.clone())
        .map(|address| std::thread::spawn(move || ask(&address, &[&get("/spins")])))
        .collect();
    for asker in askers {
        assert_eq!(asker.join().expect("an answer"), "200");
    }
    let records = observed.ended.iter().take(count);
    let record = records.max_by_key(|record| record.age()).expect("one");
    assert_eq!(
        record.times().longest(),
        Phase::Waiting,
        "{:?}",
        record.times()
    );
    assert!(record.times().of(Phase::Handler).busy >= SLOW * 9 / 10);
}

#[test]
fn a_slow_body_is_the_clients() {
    let head = "POST /acme/shop/items HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\
                content-type: application/json\r\ncontent-length: 7\r\n\r\n[1,";
    let observed = Observed::start();
    assert_eq!(ask(&observed.address, &[head, "2,3]"]), "200");
    let record = observed.record();
    assert_took(&record, Phase::Body);
    assert_eq!(record.route().as_deref(), Some("/{tenant}/shop/items"));
}

#[test]
fn clean_up_and_writing_are_phases_of_their_own() {
    let observed = Observed::start();
    let record = observed.get("/acme/shop/session");
    assert_took(&record, Phase::CleanUp);
    assert_eq!(record.dependencies().count(), 1);
    assert_took(&observed.get("/stream"), Phase::Writing);
}

#[test]
fn a_request_that_was_given_up_says_where() {
    let observed = Observed::start();
    let mut stream = TcpStream::connect(&observed.address).expect("a connection");
    stream
        .write_all(b"GET /forever HTTP/1.1\r\nhost: h\r\n\r\n")
        .expect("sent");
    std::thread::sleep(SLOW / 3);
    drop(stream);
    let record = observed.record();
    assert_eq!(record.phase(), Phase::Handler);
    assert!(record.is_ended());
}

#[test]
fn what_no_route_has_is_recorded_too() {
    let observed = Observed::start();
    let record = observed.get("/nowhere");
    assert_eq!((record.route(), record.name()), (None, None));
    let status = ask(
        &observed.address,
        &["GET / HTTP/1.1\r\nconnection: close\r\n\r\n"],
    );
    let record = observed.record();
    assert_eq!((status.as_str(), record.route()), ("400", None));
    assert_eq!(record.status().map(|status| status.as_u16()), Some(400));
}

#[test]
fn clients_are_told_where_the_time_went_if_the_app_says_so() {
    let app = || App::new().routes(routes![read_database]);
    let silent = TestClient::new(app()).get("/database/1").send();
    assert_eq!(silent.header("server-timing"), None);
    let answer = TestClient::new(app().server_timing(true))
        .get("/database/1")
        .send();
    let timing = answer.header("server-timing").expect("a header");
    let slow = timing
        .split(", ")
        .find(|metric| metric.ends_with("desc=\"database\""))
        .and_then(|metric| metric.split(';').nth(1)?.strip_prefix("dur="))
        .and_then(|milliseconds| milliseconds.parse::<f64>().ok());
    assert!(slow.is_some_and(|slow| slow >= 270.0), "{timing}");
}
