//! Background tasks: in order, after the answer, bounded, and told of when they fail.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aplomb::middleware::RequestId;
use aplomb::prelude::*;
use aplomb::serve::{Limits, Server};
use aplomb::testing::TestClient;
use tracing_subscriber::fmt::MakeWriter;

type Log = Arc<Mutex<Vec<String>>>;

fn note(log: &Log, text: impl Into<String>) {
    log.lock().expect("a lock").push(text.into());
}

fn noted(log: &Log) -> Vec<String> {
    log.lock().expect("a lock").clone()
}

async fn write_log(log: Log, text: &'static str) {
    note(&log, text);
}

async fn fail_to_write() -> Result<()> {
    Err(std::io::Error::other("the disk is full").into())
}

async fn panic_instead() {
    panic!("out of cheese");
}

#[dependency]
async fn get_query(tasks: BackgroundTasks, log: State<Log>) -> Option<String> {
    tasks.add(write_log(Arc::clone(&log), "of the dependency"));
    None
}

#[post("/send/{email}")]
async fn send(
    email: String,
    tasks: BackgroundTasks,
    _q: Depends<get_query>,
    log: State<Log>,
) -> String {
    tasks.add(write_log(Arc::clone(&log), "of the handler"));
    note(&log, "answered");
    email
}

#[post("/failing")]
async fn failing(tasks: BackgroundTasks, log: State<Log>) {
    tasks.add(fail_to_write());
    tasks.add(panic_instead());
    tasks.add(write_log(Arc::clone(&log), "the last"));
}

#[post("/refused")]
async fn refused(tasks: BackgroundTasks, log: State<Log>) -> Result<()> {
    tasks.add(write_log(Arc::clone(&log), "never"));
    Err(HttpException::conflict("no").into())
}

#[post("/returned")]
async fn returned(tasks: BackgroundTasks, log: State<Log>) -> Response {
    tasks.add(write_log(Arc::clone(&log), "of the argument"));
    let own = BackgroundTasks::new();
    own.add(write_log(Arc::clone(&log), "of the response"));
    note(&log, "answered");
    Response::text("returned").background(own)
}

fn app(log: &Log) -> App {
    App::new()
        .state(Arc::clone(log))
        .routes(routes![send, failing, refused, returned])
}

#[test]
fn tasks_of_dependencies_and_handler_run_in_order_after_the_answer() {
    let log = Log::default();
    let client = TestClient::new(app(&log));
    client
        .post("/send/a@b.example")
        .send()
        .assert_json(200, "a@b.example");
    assert_eq!(
        noted(&log),
        ["answered", "of the dependency", "of the handler"]
    );
}

#[test]
fn a_returned_response_brings_its_own() {
    let log = Log::default();
    TestClient::new(app(&log)).post("/returned").send();
    assert_eq!(
        noted(&log),
        ["answered", "of the response", "of the argument"]
    );
}

#[test]
fn tasks_of_a_request_that_fails_never_run() {
    let log = Log::default();
    assert_eq!(
        TestClient::new(app(&log)).post("/refused").send().status(),
        409
    );
    assert!(noted(&log).is_empty());
}

/// What is logged, as text.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Lines {
    fn collect(&self) -> tracing::subscriber::DefaultGuard {
        let subscriber = tracing_subscriber::fmt()
            .with_writer(self.clone())
            .with_ansi(false)
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn with(&self, part: &str) -> Vec<String> {
        let text = String::from_utf8_lossy(&self.0.lock().expect("a lock")).into_owned();
        let lines = text.lines().filter(|line| line.contains(part));
        lines.map(str::to_owned).collect()
    }
}

#[test]
fn a_task_that_fails_is_told_by_name_and_the_next_runs() {
    let (log, lines) = (Log::default(), Lines::default());
    let guard = lines.collect();
    let client = TestClient::new(app(&log).middleware(RequestId::new()));
    client
        .post("/failing")
        .header("x-request-id", "r-1")
        .send()
        .assert_status(200);
    drop(guard);
    assert_eq!(noted(&log), ["the last"]);
    for (message, task, reason) in [
        (
            "a background task failed",
            "fail_to_write",
            "the disk is full",
        ),
        (
            "a background task panicked",
            "panic_instead",
            "out of cheese",
        ),
    ] {
        let told = lines.with(message);
        assert_eq!(told.len(), 1, "{told:?}");
        for part in [task, reason, "/failing", "r-1"] {
            assert!(told[0].contains(part), "{part} in {}", told[0]);
        }
    }
}

/// Two numbers: how many tasks are at work, and the most that ever were.
type Counts = Arc<(AtomicUsize, AtomicUsize)>;

#[post("/work")]
async fn work(tasks: BackgroundTasks, counts: State<Counts>) {
    let counts = Arc::clone(&counts);
    tasks.add(async move {
        let now = counts.0.fetch_add(1, Ordering::SeqCst) + 1;
        counts.1.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(300)).await;
        counts.0.fetch_sub(1, Ordering::SeqCst);
    });
}

#[post("/chain")]
async fn chain(tasks: BackgroundTasks, log: State<Log>) {
    let (later, log) = (tasks.clone(), Arc::clone(&log));
    tasks.add(async move { later.add(write_log(log, "a second")) });
}

/// A server on a thread of its own, until it is told to stop.
struct Running {
    port: u16,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    lines: Lines,
}

impl Running {
    fn start(app: App, limits: Limits) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let lines = Lines::default();
        let collected = lines.clone();
        let thread = std::thread::spawn(move || {
            let _guard = collected.collect();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            let server = Server::new(Arc::new(app.build())).limits(limits);
            let served = async {
                let bound = server.listener(listener).expect("a server");
                let stopped = async {
                    let _ = stopped.await;
                };
                bound.serve_until(stopped).await.expect("served");
            };
            runtime.block_on(served);
        });
        Self {
            port,
            stop: Some(stop),
            thread: Some(thread),
            lines,
        }
    }

    fn post(&self, path: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connected");
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    fn stop(mut self) -> (Duration, Lines) {
        let start = Instant::now();
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            thread.join().expect("ended");
        }
        (start.elapsed(), self.lines.clone())
    }
}

fn limits() -> Limits {
    Limits {
        farewell: Duration::from_millis(50),
        shutdown_deadline: Duration::from_millis(800),
        ..Limits::default()
    }
}

/// Opened by a test: until then, work waits.
type Gate = Arc<tokio::sync::Semaphore>;

fn gate() -> Gate {
    Arc::new(tokio::sync::Semaphore::new(0))
}

#[post("/held_work")]
async fn held_work(tasks: BackgroundTasks, gate: State<Gate>) {
    let gate = Arc::clone(&gate);
    tasks.add(async move { drop(gate.acquire().await) });
}

/// Posts twice: the first answer comes while its work waits, the second not before it is done.
fn assert_only_the_second_waits(running: &Running, path: &str, gate: &Gate) {
    running.post(path);
    std::thread::scope(|scope| {
        let second = scope.spawn(|| running.post(path));
        std::thread::sleep(Duration::from_millis(100));
        assert!(!second.is_finished());
        gate.add_permits(1);
        second.join().expect("an answer");
    });
}

#[test]
fn a_full_application_makes_requests_do_their_work_first() {
    let gate = gate();
    let app = App::new()
        .state(Arc::clone(&gate))
        .routes(routes![held_work])
        .background_tasks(1);
    let running = Running::start(app, limits());
    assert_only_the_second_waits(&running, "/held_work", &gate);
    let (_, lines) = running.stop();
    assert_eq!(
        lines
            .with("a request does its own before it is answered")
            .len(),
        1
    );
}

#[test]
fn work_that_comes_late_to_a_full_application_is_refused_and_told() {
    let log = Log::default();
    let app = |most| {
        let app = App::new().state(Arc::clone(&log)).routes(routes![chain]);
        TestClient::new(app.background_tasks(most))
    };
    let lines = Lines::default();
    let guard = lines.collect();
    app(2).post("/chain").send();
    assert_eq!(noted(&log), ["a second"]);
    app(1).post("/chain").send();
    drop(guard);
    assert_eq!(noted(&log), ["a second"]);
    let told = lines.with("a background task was refused");
    assert!(told.len() == 1 && told[0].contains("write_log"), "{told:?}");
}

#[test]
fn shutdown_waits_for_the_work() {
    let counts = Counts::default();
    let app = App::new().state(Arc::clone(&counts)).routes(routes![work]);
    let running = Running::start(app, limits());
    for _ in 0..3 {
        running.post("/work");
    }
    running.stop();
    assert_eq!(counts.0.load(Ordering::SeqCst), 0);
    assert_eq!(counts.1.load(Ordering::SeqCst), 3);
}

async fn never_end() {
    std::future::pending::<()>().await;
}

#[post("/endless")]
async fn endless(tasks: BackgroundTasks) {
    tasks.add(never_end());
    tasks.add(async {});
}

#[test]
fn work_that_does_not_end_is_cut_and_told_by_name() {
    let running = Running::start(App::new().routes(routes![endless]), limits());
    running.post("/endless");
    let (took, lines) = running.stop();
    assert!(took < Duration::from_secs(3), "{took:?}");
    let told = lines.with("a background task was cut short");
    assert_eq!(told.len(), 1);
    for part in ["never_end", "/endless", "more=1"] {
        assert!(told[0].contains(part), "{part} in {}", told[0]);
    }
    let told = lines.with("a background task never began");
    assert!(told.len() == 1 && told[0].contains("endless"), "{told:?}");
}

/// More than the buffers of a connection hold.
#[post("/unread", response_class = StreamingResponse)]
async fn unread(tasks: BackgroundTasks) -> impl Iterator<Item = String> {
    tasks.add(never_end());
    std::iter::repeat_with(|| "x".repeat(1 << 16)).take(512)
}

#[test]
fn work_that_is_cut_before_it_begins_is_told_by_name() {
    let running = Running::start(App::new().routes(routes![unread]), limits());
    let mut stream = TcpStream::connect(("127.0.0.1", running.port)).expect("connected");
    stream
        .write_all(b"POST /unread HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\n")
        .expect("sent");
    stream.read_exact(&mut [0]).expect("an answer");
    let (_, lines) = running.stop();
    let told = lines.with("a background task never began");
    assert!(told.len() == 1 && told[0].contains("never_end"), "{told:?}");
    assert!(told[0].contains("/unread"), "{told:?}");
}

#[post("/own_work")]
async fn own_work(gate: State<Gate>) -> Response {
    let (tasks, gate) = (BackgroundTasks::new(), Arc::clone(&gate));
    tasks.add(async move { drop(gate.acquire().await) });
    Response::text("done").background(tasks)
}

#[test]
fn work_that_a_response_brings_takes_room_too() {
    let gate = gate();
    let app = App::new()
        .state(Arc::clone(&gate))
        .routes(routes![own_work]);
    let running = Running::start(app.background_tasks(1), limits());
    assert_only_the_second_waits(&running, "/own_work", &gate);
    running.stop();
}
