//! Clients that leave: what is cancelled, what goes on, and that clean-up runs either way.

#[path = "server/served.rs"]
mod served;

use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aplomb::middleware::Next;
use aplomb::prelude::*;
use aplomb::serve::{Limits, OnDisconnect};
use served::{Served, answer, wait_until};
use tokio::sync::Notify;

/// What happened, in order, and what lets handlers go on.
#[derive(Clone, Default)]
struct Log {
    events: Arc<Mutex<Vec<String>>>,
    go_on: Arc<Notify>,
}

impl Log {
    fn note(&self, what: impl Into<String>) {
        self.events.lock().expect("the lock").push(what.into());
    }

    fn has(&self, what: &str) -> bool {
        self.events
            .lock()
            .expect("the lock")
            .iter()
            .any(|event| event == what)
    }

    fn wait_for(&self, what: &str) {
        wait_until(what, || self.has(what));
    }
}

#[dependency]
async fn session(log: State<Log>, give: Yield<()>) -> Result<()> {
    let ((), outcome) = give.lend(()).await;
    log.note(match outcome {
        Outcome::Ok => "clean-up: ok",
        Outcome::Failed(_) => "clean-up: failed",
        Outcome::Cancelled => "clean-up: cancelled",
    });
    Ok(())
}

async fn work(log: &Log, tasks: &BackgroundTasks) -> &'static str {
    let after = log.clone();
    tasks.add(async move { after.note("background") });
    log.note("begun");
    log.go_on.notified().await;
    tokio::task::yield_now().await;
    log.note("done");
    "done"
}

macro_rules! routes_of_work {
    ($($attribute:meta $name:ident;)*) => {$(
        #[$attribute]
        async fn $name(_session: Depends<session>, log: State<Log>, tasks: BackgroundTasks) -> &'static str {
            work(&log, &tasks).await
        }
    )*};
}

routes_of_work! {
    get("/work") read;
    post("/work") write;
    get("/export", on_disconnect = "finish") export;
    post("/search", on_disconnect = "cancel") search;
    delete("/slow", deadline = "200ms") slow;
}

#[post("/find", on_disconnect = "cancel", lane = "isolated")]
async fn find(
    _wanted: Value,
    _session: Depends<session>,
    log: State<Log>,
    tasks: BackgroundTasks,
) -> &'static str {
    work(&log, &tasks).await
}

fn app(log: &Log) -> App {
    let all = routes![read, write, export, search, slow, find];
    App::new().state(log.clone()).routes(all)
}

fn start(log: &Log) -> Served {
    Served::start(app(log), Limits::default())
}

/// A client that asks, and leaves when the handler runs.
fn ask_and_leave(served: &Served, log: &Log, method: &str, path: &str) {
    let stream = served.ask(method, path, "Content-Length: 0\r\n");
    log.wait_for("begun");
    drop(stream);
}

#[test]
fn who_leaves_behind_a_body_is_seen_at_once() {
    let log = Log::default();
    let served = start(&log);
    let head = "Content-Type: application/json\r\nContent-Length: 2\r\n";
    let mut stream = served.ask("POST", "/find", head);
    stream.write_all(b"{}").expect("a body");
    log.wait_for("begun");
    let left = Instant::now();
    drop(stream);
    log.wait_for("clean-up: cancelled");
    let took = left.elapsed();
    assert!(took < Duration::from_secs(3), "{took:?}");
    log.go_on.notify_one();
    served.stop();
}

#[test]
fn what_only_reads_is_cancelled() {
    for (method, path) in [("GET", "/work"), ("POST", "/search")] {
        let log = Log::default();
        let served = start(&log);
        ask_and_leave(&served, &log, method, path);
        log.wait_for("clean-up: cancelled");
        log.go_on.notify_one();
        served.stop();
        assert!(
            !log.has("done") && !log.has("background"),
            "{method} {path}"
        );
    }
}

#[test]
fn what_changes_something_goes_on() {
    for (method, path) in [("POST", "/work"), ("GET", "/export")] {
        let log = Log::default();
        let served = start(&log);
        ask_and_leave(&served, &log, method, path);
        // Longer than the server keeps a client that has only closed its sending side.
        std::thread::sleep(Duration::from_millis(1200));
        assert!(!log.has("clean-up: cancelled"), "{method} {path}");
        log.go_on.notify_one();
        for what in ["done", "background", "clean-up: ok"] {
            log.wait_for(what);
        }
    }
}

/// Waits when the answer is there, as what writes a journal does.
async fn wait_on_the_way_out(log: Log, request: Request, next: Next) -> Result<Response> {
    let answer = next.run(request).await;
    log.note("begun");
    log.go_on.notified().await;
    log.note("done");
    answer
}

#[test]
fn what_has_changed_something_goes_on_through_its_middleware() {
    #[post("/at-once", lane = "inline")]
    async fn at_once() {}
    #[get("/at-once", lane = "inline")]
    async fn read_at_once() {}

    for (method, goes_on) in [("POST", true), ("GET", false)] {
        let log = Log::default();
        let noted = log.clone();
        let app = App::new()
            .routes(routes![at_once, read_at_once])
            .middleware(move |request, next| wait_on_the_way_out(noted.clone(), request, next));
        let served = Served::start(app, Limits::default());
        ask_and_leave(&served, &log, method, "/at-once");
        std::thread::sleep(Duration::from_millis(1200));
        log.go_on.notify_one();
        if goes_on {
            log.wait_for("done");
        }
        served.stop();
        assert_eq!(log.has("done"), goes_on, "{method}");
    }
}

#[test]
fn routers_and_the_application_can_say_otherwise() {
    for (then, method) in [
        (OnDisconnect::Finish, "GET"),
        (OnDisconnect::Cancel, "POST"),
    ] {
        let log = Log::default();
        let router = Router::new()
            .on_disconnect(then)
            .routes(routes![read, write]);
        let app = App::new().state(log.clone()).include(router);
        let served = Served::start(app, Limits::default());
        ask_and_leave(&served, &log, method, "/work");
        match then {
            OnDisconnect::Cancel => log.wait_for("clean-up: cancelled"),
            OnDisconnect::Finish => {
                std::thread::sleep(Duration::from_millis(1200));
                log.go_on.notify_one();
                log.wait_for("clean-up: ok");
            }
        }
    }
}

#[test]
fn a_server_that_stops_waits_for_what_goes_on() {
    let log = Log::default();
    let served = start(&log);
    ask_and_leave(&served, &log, "POST", "/work");
    std::thread::sleep(Duration::from_millis(1200));
    let later = log.clone();
    let helper = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(800));
        assert!(!later.has("done"));
        later.go_on.notify_one();
    });
    served.stop();
    assert!(
        log.has("done") && log.has("background"),
        "the server ended before"
    );
    helper.join().expect("no panic");
}

#[test]
fn what_goes_on_is_cut_with_everything_else() {
    let log = Log::default();
    let limits = Limits {
        shutdown_deadline: Duration::from_millis(300),
        ..Limits::default()
    };
    let served = Served::start(app(&log), limits);
    ask_and_leave(&served, &log, "POST", "/work");
    let still_there = served.ask("POST", "/work", "Content-Length: 0\r\n");
    std::thread::sleep(Duration::from_millis(1200));
    assert!(served.stop() < Duration::from_secs(10));
    assert!(!log.has("done"));
    drop(still_there);
}

#[test]
fn a_deadline_holds_without_a_client_too() {
    let log = Log::default();
    let served = start(&log);
    ask_and_leave(&served, &log, "DELETE", "/slow");
    log.wait_for("clean-up: cancelled");
    assert!(!log.has("done"));
    served.stop();
}

#[test]
fn a_body_that_breaks_off_ends_its_request() {
    let log = Log::default();
    #[post("/upload")]
    async fn upload(log: State<Log>, request: Request) -> Result<()> {
        log.note("begun");
        let read = request.body().await;
        log.note(if read.is_ok() { "whole" } else { "broken off" });
        Ok(())
    }
    let app = App::new().state(log.clone()).routes(routes![upload]);
    let served = Served::start(app, Limits::default());
    let mut stream = served.ask("POST", "/upload", "Content-Length: 100\r\n");
    stream.write_all(b"half").expect("sent");
    log.wait_for("begun");
    drop(stream);
    log.wait_for("broken off");
}

#[test]
fn who_leaves_something_unread_behind_is_noticed() {
    #[get("/unending", deadline = "none")]
    async fn unending(
        _session: Depends<session>,
        log: State<Log>,
        tasks: BackgroundTasks,
    ) -> &'static str {
        work(&log, &tasks).await
    }
    for (lines, more) in [("", "X"), ("Content-Length: 1\r\n", "")] {
        let log = Log::default();
        let app = App::new().state(log.clone()).routes(routes![unending]);
        let served = Served::start(app, Limits::default());
        let mut stream = served.ask("GET", "/unending", lines);
        stream.write_all(more.as_bytes()).expect("sent");
        log.wait_for("begun");
        drop(stream);
        log.wait_for("clean-up: cancelled");
    }
}

#[test]
fn who_ends_a_body_in_chunks_with_their_sending_side_is_answered() {
    let log = Log::default();
    #[post("/upload")]
    async fn upload(log: State<Log>, request: Request) -> Result<usize> {
        let body = request.body().await?;
        log.note("read");
        tokio::time::sleep(Duration::from_millis(300)).await;
        Ok(body.len())
    }
    let app = App::new().state(log.clone()).routes(routes![upload]);
    let served = Served::start(app, Limits::default());
    let mut stream = served.ask("POST", "/upload", "Transfer-Encoding: chunked\r\n");
    stream.write_all(b"4\r\nbody\r\n0\r\n\r\n").expect("sent");
    log.wait_for("read");
    stream
        .shutdown(std::net::Shutdown::Write)
        .expect("half closed");
    let (status, _, body) = answer(stream);
    assert_eq!((status, body.as_str()), (200, "4"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_http2_that_is_reset_goes_on() {
    let log = Log::default();
    let served = start(&log);
    let stream = tokio::net::TcpStream::connect(served.address)
        .await
        .expect("a connection");
    let (requests, connection) = h2::client::handshake(stream).await.expect("a handshake");
    let connection = tokio::spawn(connection);
    let mut requests = requests.ready().await.expect("ready");
    let request = http::Request::post("http://h/work")
        .body(())
        .expect("a request");
    let (response, mut sending) = requests.send_request(request, true).expect("sent");
    let begun = log.clone();
    tokio::task::spawn_blocking(move || begun.wait_for("begun"))
        .await
        .expect("no panic");
    sending.send_reset(h2::Reason::CANCEL);
    drop(response);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!log.has("clean-up: cancelled"));
    log.go_on.notify_one();
    let ended = log.clone();
    tokio::task::spawn_blocking(move || ended.wait_for("clean-up: ok"))
        .await
        .expect("no panic");
    connection.abort();
    tokio::task::spawn_blocking(move || served.stop())
        .await
        .expect("no panic");
}

#[test]
fn clients_that_stay_are_answered() {
    let log = Log::default();
    let served = start(&log);
    let stream = served.ask("POST", "/work", "Content-Length: 0\r\n");
    log.wait_for("begun");
    log.go_on.notify_one();
    assert_eq!(answer(stream).0, 200);
    log.wait_for("clean-up: ok");
    served.stop();
}
