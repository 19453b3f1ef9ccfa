//! The record of a slow request names the routes that held the threads it waited for.

#[path = "observe/served.rs"]
mod served;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use aplomb::Service;
use aplomb::prelude::*;
use aplomb::serve::{Address, Server};
use served::{Served, eventually};

/// How long what holds a thread holds it.
const HOLD: Duration = Duration::from_millis(300);

/// Lanes belong to the process: one test of them at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

static BURNING: AtomicBool = AtomicBool::new(false);

#[get("/burn", lane = "inline")]
async fn burn() -> &'static str {
    let begun = Instant::now();
    BURNING.store(true, Ordering::SeqCst);
    while begun.elapsed() < HOLD {
        std::hint::spin_loop();
    }
    BURNING.store(false, Ordering::SeqCst);
    "burnt"
}

#[get("/light", lane = "inline")]
async fn light() -> &'static str {
    "light"
}

static WORKING: AtomicBool = AtomicBool::new(false);

#[get("/elsewhere", lane = "isolated")]
async fn elsewhere() -> &'static str {
    WORKING.store(true, Ordering::SeqCst);
    // It is done while the worker of its connection is held.
    while !BURNING.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(Duration::from_millis(20));
    "done"
}

static COMPUTING: AtomicUsize = AtomicUsize::new(0);
static ENOUGH: AtomicBool = AtomicBool::new(false);

#[get("/compute", lane = "isolated")]
async fn compute() -> &'static str {
    COMPUTING.fetch_add(1, Ordering::SeqCst);
    let begun = Instant::now();
    while !ENOUGH.load(Ordering::SeqCst) && begun.elapsed() < Duration::from_secs(30) {
        std::hint::spin_loop();
    }
    "computed"
}

#[get("/behind", lane = "isolated")]
async fn behind() -> &'static str {
    "behind"
}

/// An app on a runtime with one worker, and nobody to stand in for it.
struct OnOneWorker {
    service: Service,
    address: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl OnOneWorker {
    fn start(app: App) -> Self {
        let service = app.build();
        let server = Server::new(Arc::new(service.clone())).address("127.0.0.1:0");
        let bound = server.bind().expect("a port");
        let Address::Tcp(address) = bound.address() else {
            panic!("not TCP")
        };
        let address = address.clone();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_all().build().expect("a runtime");
            let stopped = async { drop(stopped.await) };
            let served = runtime.block_on(bound.serve_until(stopped));
            served.expect("served");
        });
        Self {
            service,
            address,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn ask(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let head = format!("GET {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for OnOneWorker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The entry of a route among the slow ones.
fn slow(service: &Service, route: &str) -> Value {
    eventually(route, || {
        let kept = service.flight_recorder().to_json();
        let entries = kept["slow"].as_array().expect("a list");
        entries
            .iter()
            .find(|entry| entry["route"] == route)
            .cloned()
    })
}

/// For how many milliseconds an entry says that this route held a thread, all threads together.
fn held_by(entry: &Value, route: &str) -> f64 {
    let holders = entry["held_by"].as_array().expect("a list");
    let of_route = holders.iter().filter(|holder| holder["route"] == route);
    of_route
        .map(|holder| {
            assert!(!holder["thread"].as_str().expect("a name").is_empty());
            holder["ms"].as_f64().expect("a time")
        })
        .sum()
}

#[cfg(target_os = "linux")]
#[test]
fn a_request_that_was_not_read_names_who_held_the_worker() {
    let _alone = alone();
    let served = OnOneWorker::start(App::new().routes(routes![burn, light]));
    std::thread::scope(|scope| {
        scope.spawn(|| served.ask("/burn"));
        eventually("it burns", || BURNING.load(Ordering::SeqCst).then_some(()));
        assert!(served.ask("/light").contains("light"));
    });
    let entry = slow(&served.service, "/light");
    assert!(entry["before_ms"].as_f64() > Some(100.0), "{entry}");
    assert!(entry["waits"]["reading"].as_f64() > Some(100.0), "{entry}");
    assert!(held_by(&entry, "GET /burn") > 100.0, "{entry}");
    let burner = slow(&served.service, "/burn");
    assert_eq!(burner["held_by"], json!([]), "{burner}");
}

#[test]
fn an_answer_that_nobody_fetched_names_who_held_the_worker() {
    let _alone = alone();
    let served = OnOneWorker::start(App::new().routes(routes![burn, elsewhere]));
    std::thread::scope(|scope| {
        scope.spawn(|| served.ask("/elsewhere"));
        eventually("it works", || WORKING.load(Ordering::SeqCst).then_some(()));
        scope.spawn(|| served.ask("/burn"));
    });
    let entry = slow(&served.service, "/elsewhere");
    assert!(entry["waits"]["worker"].as_f64() > Some(100.0), "{entry}");
    assert!(held_by(&entry, "GET /burn") > 100.0, "{entry}");
}

#[test]
fn a_request_behind_a_full_lane_names_who_fills_it() {
    let _alone = alone();
    let served = Served::start(App::new().routes(routes![compute, behind]));
    let processors = std::thread::available_parallelism().map_or(1, Into::<usize>::into);
    std::thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(|| served.ask("GET /compute", &[]));
        }
        eventually("the lane is full", || {
            (COMPUTING.load(Ordering::SeqCst) == processors).then_some(())
        });
        scope.spawn(|| served.ask("GET /behind", &[]));
        eventually("it waits", || {
            let metrics = served.service.metrics().render();
            let waits = metrics.contains("aplomb_isolated_waiting{kind=\"heavy\"} 1\n");
            waits.then_some(())
        });
        std::thread::sleep(HOLD);
        ENOUGH.store(true, Ordering::SeqCst);
    });
    let entry = slow(&served.service, "/behind");
    let waited = entry["waits"]["isolated"].as_f64().expect("a wait");
    assert!(waited >= 250.0, "{entry}");
    assert!(held_by(&entry, "GET /compute") > 200.0, "{entry}");
}
