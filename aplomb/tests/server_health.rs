//! Probes of health, and what service managers are told.
#![cfg(unix)]

#[path = "server/beside.rs"]
mod beside;

use std::future::pending;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use aplomb::prelude::*;
use aplomb::serve::Limits;
use beside::Beside;
use tempfile::TempDir;
use tokio::sync::Semaphore;

#[get("/")]
async fn read_root() -> &'static str {
    "root"
}

/// Holds its worker, whatever is measured.
#[get("/block", lane = "inline")]
async fn block() -> &'static str {
    sleep(Duration::from_millis(1500));
    "blocked"
}

fn answer(stream: impl Read + Write, path: &str) -> (u16, Value) {
    let (head, body) = raw_answer(stream, path);
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let body = serde_json::from_str(&body).expect("JSON");
    (status.expect("a status"), body)
}

/// Head and body.
fn raw_answer(mut stream: impl Read + Write, path: &str) -> (String, String) {
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n"
    )
    .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    (head.to_owned(), body.to_owned())
}

struct Service {
    /// The first, so that it ends before its folder does.
    beside: Beside,
    folder: TempDir,
}

impl Service {
    fn start(app: App) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| format!("unix:{}", folder.path().join(name).display());
        let app = app
            .quiet()
            .address(&*at("public"))
            .management(&*at("management"));
        let beside = Beside::start(app);
        Self { folder, beside }
    }

    fn socket(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// An answer of the management listener.
    fn ask(&self, path: &str) -> (u16, Value) {
        answer(connect(&self.socket("management")), path)
    }

    /// Waits until the service is so.
    fn wait_for(&self, status: &str) -> (u16, Value) {
        let begin = Instant::now();
        loop {
            let (code, body) = self.ask("/readyz");
            if body["status"] == status {
                return (code, body);
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "{body}");
            sleep(Duration::from_millis(5));
        }
    }

    /// Waits for a clean end.
    fn stop(self) {
        drop(self);
    }
}

/// A connection, once somebody listens.
fn connect(path: &Path) -> UnixStream {
    let begin = Instant::now();
    loop {
        match UnixStream::connect(path) {
            Ok(stream) => return stream,
            Err(error) => assert!(begin.elapsed() < Duration::from_secs(20), "{error}"),
        }
        sleep(Duration::from_millis(5));
    }
}

#[test]
fn readiness_follows_the_service_from_its_start_to_its_end() {
    let gate = Arc::new(Semaphore::new(0));
    let opened = Arc::clone(&gate);
    let limits = Limits {
        lame_duck: Duration::from_millis(800),
        ..Limits::default()
    };
    let app = App::new()
        .routes(routes![read_root])
        .limits(limits)
        .on_startup(move || {
            let gate = Arc::clone(&opened);
            async move {
                drop(gate.acquire().await);
                Ok(())
            }
        });
    let mut service = Service::start(app);
    assert_eq!(service.wait_for("starting").0, 503);
    assert_eq!(service.ask("/livez"), (200, json!({"status": "alive"})));
    gate.add_permits(1);
    assert_eq!(service.wait_for("ready").0, 200);
    assert_eq!(service.ask("/elsewhere").0, 404);

    service.beside.ask_to_stop();
    assert_eq!(service.wait_for("draining").0, 503);
    // Whoever has not heard of it yet is still answered.
    let root = answer(connect(&service.socket("public")), "/");
    assert_eq!(root, (200, "root".into()));
    assert_eq!(service.ask("/livez").0, 200);
    service.stop();
}

#[test]
fn a_check_that_fails_takes_the_service_out_until_it_succeeds() {
    let works = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&works);
    let app = App::new()
        .readiness("/ready")
        .readiness_check("database", move || {
            let works = seen.load(Ordering::SeqCst);
            async move {
                match works {
                    true => Ok(()),
                    false => Err(HttpException::new(500, "no connection").into()),
                }
            }
        });
    let service = Service::start(app);
    let (code, body) = service.wait_for("failing");
    assert_eq!(code, 503);
    assert_eq!(body["checks"], json!({"database": "500: no connection"}));
    let public = || answer(connect(&service.socket("public")), "/ready");
    assert_eq!(public(), (code, body));
    works.store(true, Ordering::SeqCst);
    let (code, body) = service.wait_for("ready");
    assert_eq!(code, 200);
    assert_eq!(body["checks"], json!({"database": "ok"}));
    assert_eq!(public(), (code, body));
    service.stop();
}

#[test]
fn checks_that_hold_their_thread_or_never_end_hold_nobody_else() {
    /// More than there are workers.
    const HOLDING: usize = 12;
    let (over, runs) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let mut app = App::new()
        .routes(routes![read_root])
        .readiness_check("endless", pending);
    for number in 0..HOLDING {
        let (over, runs) = (Arc::clone(&over), Arc::clone(&runs));
        app = app.readiness_check(format!("holding {number}"), move || {
            runs.fetch_add(1, Ordering::SeqCst);
            while !over.load(Ordering::SeqCst) {
                sleep(Duration::from_millis(5));
            }
            async { Ok(()) }
        });
    }
    let service = Service::start(app);
    let (code, body) = service.wait_for("failing");
    assert_eq!(code, 503);
    let results = body["checks"].as_object().expect("checks");
    assert_eq!(results.len(), HOLDING + 1);
    for (name, result) in results {
        assert_eq!(*result, json!("timed out: no answer within 2 s"), "{name}");
    }
    assert_eq!(service.ask("/livez").0, 200);
    let root = || answer(connect(&service.socket("public")), "/");
    assert_eq!(root(), (200, "root".into()));
    // Until long after they would have been run again.
    sleep(Duration::from_millis(1500));
    assert_eq!(runs.load(Ordering::SeqCst), HOLDING);
    over.store(true, Ordering::SeqCst);
    let begin = Instant::now();
    while service.ask("/readyz").1["checks"]["holding 0"] != "ok" {
        assert!(begin.elapsed() < Duration::from_secs(20));
        sleep(Duration::from_millis(5));
    }
    assert_eq!(service.ask("/readyz").0, 503, "one never ends");
    service.stop();
}

#[test]
fn a_check_that_holds_its_thread_does_not_keep_the_service_from_its_end() {
    let app = App::new().readiness_check("holding", || {
        sleep(Duration::from_secs(600));
        async { Ok(()) }
    });
    let service = Service::start(app);
    service.wait_for("failing");
    let begin = Instant::now();
    service.stop();
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn liveness_is_answered_while_every_worker_is_held() {
    let service = Service::start(App::new().routes(routes![block]));
    service.wait_for("ready");
    let held: Vec<_> = (0..4)
        .map(|_| {
            let stream = connect(&service.socket("public"));
            spawn(move || answer(stream, "/block"))
        })
        .collect();
    let mut probes = 0;
    while !held.iter().any(JoinHandle::is_finished) {
        assert_eq!(service.ask("/livez").0, 200);
        assert_eq!(service.ask("/readyz").0, 200);
        probes += 1;
        sleep(Duration::from_millis(10));
    }
    assert!(probes > 5, "{probes}");
    for held in held {
        assert_eq!(held.join().expect("an answer").0, 200);
    }
    service.stop();
}

/// Says to this binary that it is the service.
const ASKED: &str = "SERVE_AS_PROGRAM";

/// Not a test by itself: what the tests with a socket of systemd start.
#[test]
fn program() {
    if std::env::var_os(ASKED).is_none() {
        return;
    }
    let app = App::new().routes(routes![read_root]).quiet();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(app.serve()).expect("a clean end");
}

/// Starts this file's program as systemd would: with the socket as descriptor 3.
fn start_program(socket: OwnedFd, notify: &Path) -> Child {
    let own = std::env::current_exe().expect("a program");
    Command::new("sh")
        .arg("-c")
        .arg("exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\"")
        .arg(own)
        .args(["--exact", "program"])
        .env(ASKED, "1")
        .env("NOTIFY_SOCKET", notify)
        .stdin(Stdio::from(socket))
        .stdout(Stdio::null())
        .spawn()
        .expect("a process")
}

/// Restarts a service with the same socket, to which `connect` connects.
fn restart<S: Read + Write + Send + 'static>(
    socket: impl Fn() -> OwnedFd,
    connect: impl Fn() -> S + Clone + Send + 'static,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let notify = folder.path().join("notify");
    let told = UnixDatagram::bind(&notify).expect("a socket");
    told.set_read_timeout(Some(Duration::from_secs(30)))
        .expect("a timeout");
    let next = || {
        let mut message = [0; 100];
        let length = told.recv(&mut message).expect("a message");
        String::from_utf8_lossy(&message[..length])
            .trim()
            .to_owned()
    };

    for _ in 0..3 {
        // While nobody serves, who comes waits.
        let connection = connect();
        let waiting = spawn(move || answer(connection, "/"));
        let mut program = start_program(socket(), &notify);
        assert_eq!(next(), "READY=1");
        assert_eq!(answer(connect(), "/").0, 200);
        assert_eq!(waiting.join().expect("an answer").0, 200);
        let asked = Command::new("kill").arg(program.id().to_string()).status();
        assert!(asked.expect("a signal").success());
        assert_eq!(next(), "STOPPING=1");
        assert!(program.wait().expect("an end").success());
    }
}

#[test]
fn a_restart_with_a_socket_of_systemd_refuses_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    restart(
        || listener.try_clone().expect("a copy").into(),
        move || {
            TcpStream::connect_timeout(&address, Duration::from_secs(20)).expect("a connection")
        },
    );
}

#[test]
fn a_restart_with_a_unix_socket_of_systemd_refuses_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("service");
    let listener = UnixListener::bind(&path).expect("a socket");
    restart(
        || listener.try_clone().expect("a copy").into(),
        move || UnixStream::connect(&path).expect("a connection"),
    );
}

#[test]
fn metrics_and_the_last_requests_are_on_the_management_listener() {
    let service = Service::start(App::new().routes(routes![read_root]));
    service.wait_for("ready");
    let (status, _) = answer(connect(&service.socket("public")), "/");
    assert_eq!(status, 200);
    let begin = Instant::now();
    loop {
        let (head, text) = raw_answer(connect(&service.socket("management")), "/metrics");
        assert!(head.contains("content-type: text/plain; version=0.0.4; charset=utf-8"));
        // The request ends a little after its client has the answer.
        if text.contains("http_requests_total{route=\"/\",method=\"GET\",status=\"2xx\"} 1\n") {
            break;
        }
        assert!(begin.elapsed() < Duration::from_secs(20), "{text}");
        sleep(Duration::from_millis(5));
    }
    let (status, requests) = service.ask("/requests");
    assert_eq!((status, &requests["slow"][0]["route"]), (200, &json!("/")));
    service.stop();
}
