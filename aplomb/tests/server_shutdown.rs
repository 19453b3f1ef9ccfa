//! The server comes to its end in time, whatever its clients do.

#[path = "server/echo.rs"]
mod echo;

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use aplomb::serve::Limits;
use echo::{EchoServer, exchange, read_answer};

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n";

fn limits() -> Limits {
    Limits {
        farewell: Duration::from_millis(200),
        shutdown_deadline: Duration::from_secs(2),
        ..Limits::default()
    }
}

fn settle() {
    std::thread::sleep(Duration::from_millis(200));
}

#[test]
fn idle_and_silent_connections_do_not_delay_it() {
    let running = EchoServer::start(limits());
    let silent = running.connect();
    let mut idle = running.connect();
    idle.write_all(GET).expect("sent");
    assert_eq!(read_answer(&idle).expect("an answer").0, 200);
    let mut half_head = running.connect();
    half_head.write_all(b"GET / HTTP/1.1\r\nHo").expect("sent");
    settle();
    assert!(running.stop() < Duration::from_millis(1200));
    drop((silent, idle, half_head));
}

#[test]
fn open_requests_finish_and_are_told() {
    let mut running = EchoServer::start(limits());
    let mut slow = running.connect();
    slow.write_all(b"GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
        .expect("sent");
    settle();
    running.ask_to_stop();
    let (status, head, body) = read_answer(&slow).expect("an answer");
    assert_eq!((status, body.as_slice()), (200, b"slow".as_slice()));
    assert!(head.contains("connection: close"), "{head}");
    assert!(running.stop() < Duration::from_secs(1));
}

#[test]
fn work_after_a_response_is_awaited() {
    let running = EchoServer::start(limits());
    let mut stream = running.connect();
    stream
        .write_all(b"GET /after HTTP/1.1\r\nHost: h\r\n\r\n")
        .expect("sent");
    assert_eq!(read_answer(&stream).expect("an answer").2, b"first");
    let echo = std::sync::Arc::clone(&running.echo);
    assert_eq!(
        echo.after.load(Ordering::SeqCst),
        0,
        "the answer must not wait for it"
    );
    running.stop();
    assert_eq!(echo.after.load(Ordering::SeqCst), 1);
}

#[test]
fn clients_that_hang_are_cut_at_the_deadline() {
    let running = EchoServer::start(limits());
    let mut half_body = running.connect();
    half_body
        .write_all(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc")
        .expect("sent");
    let mut never_reads = running.connect();
    never_reads
        .write_all(b"GET /big HTTP/1.1\r\nHost: h\r\n\r\n")
        .expect("sent");
    let mut forever = running.connect();
    forever
        .write_all(b"GET /forever HTTP/1.1\r\nHost: h\r\n\r\n")
        .expect("sent");
    settle();
    let echo = std::sync::Arc::clone(&running.echo);
    let took = running.stop();
    assert!(
        took >= Duration::from_millis(1900) && took < Duration::from_secs(4),
        "{took:?}"
    );
    assert_eq!(
        echo.dropped.load(Ordering::SeqCst),
        2,
        "cut handlers must be dropped"
    );
    drop(never_reads);
}

#[test]
fn no_request_of_busy_keep_alive_clients_is_lost() {
    let mut running = EchoServer::start(limits());
    let (lost, answered) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..32 {
            let mut stream = running.connect();
            let (lost, answered, ended) = (&lost, &answered, &ended);
            scope.spawn(move || {
                while !ended.load(Ordering::Relaxed) {
                    if stream.write_all(GET).is_err() {
                        lost.fetch_add(1, Ordering::SeqCst);
                        return;
                    }
                    let Ok((200, head, _)) = read_answer(&stream) else {
                        lost.fetch_add(1, Ordering::SeqCst);
                        return;
                    };
                    answered.fetch_add(1, Ordering::SeqCst);
                    if head.contains("connection: close") {
                        return;
                    }
                }
            });
        }
        std::thread::sleep(Duration::from_millis(500));
        running.ask_to_stop();
        std::thread::sleep(Duration::from_millis(1500));
        ended.store(true, Ordering::Relaxed);
    });
    assert_eq!(lost.load(Ordering::SeqCst), 0);
    assert!(answered.load(Ordering::SeqCst) > 320);
    assert!(running.stop() < Duration::from_secs(1));
}

#[test]
fn slow_clients_are_closed_on_time() {
    let mut limits = limits();
    limits.head_timeout = Duration::from_millis(500);
    limits.idle_timeout = Duration::from_millis(1000);
    limits.write_timeout = Duration::from_millis(800);
    let running = EchoServer::start(limits);
    let closed_within = |stream: &std::net::TcpStream, bytes: &[u8], from: u64, to: u64| {
        let begun = std::time::Instant::now();
        let (answer, closed) = exchange(stream, bytes, Duration::from_secs(5));
        let took = begun.elapsed();
        assert!(closed, "{:?} stayed open", bytes.escape_ascii().to_string());
        assert!(
            took > Duration::from_millis(from) && took < Duration::from_millis(to),
            "{took:?}"
        );
        answer
    };
    assert!(closed_within(&running.connect(), b"", 400, 1000).is_empty());
    assert!(closed_within(&running.connect(), b"GET / HT", 400, 1000).is_empty());
    assert!(closed_within(&running.connect(), GET, 900, 1600).starts_with(b"HTTP/1.1 200"));
    let second_head = [GET, b"GET / HT"].concat();
    assert!(!closed_within(&running.connect(), &second_head, 400, 1600).is_empty());

    let mut never_reads = running.connect();
    never_reads
        .write_all(b"GET /big HTTP/1.1\r\nHost: h\r\n\r\n")
        .expect("sent");
    std::thread::sleep(Duration::from_millis(1500));
    let (answer, closed) = exchange(&never_reads, b"", Duration::from_secs(5));
    assert!(
        closed && answer.len() < 5 << 20,
        "an unread answer must be given up"
    );
}

#[test]
fn dribbled_body_is_closed() {
    let running = EchoServer::start(limits());
    let mut stream = running.connect();
    stream
        .write_all(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999\r\n\r\n")
        .expect("sent");
    let begun = std::time::Instant::now();
    while stream.write_all(b"x").is_ok() {
        assert!(
            begun.elapsed() < Duration::from_secs(8),
            "a byte at a time must not hold it open"
        );
        std::thread::sleep(Duration::from_millis(250));
    }
    assert!(begun.elapsed() > Duration::from_secs(4));
}

/// Not a test by itself: the process that [`signals_end_the_process`] starts and signals.
#[test]
fn process_to_be_signalled() {
    if std::env::var_os("SERVER_TO_BE_SIGNALLED").is_none() {
        return;
    }
    let echo = std::sync::Arc::<echo::Echo>::default();
    let server = aplomb::serve::Server::new(echo)
        .address("127.0.0.1:0")
        .workers(2);
    let bound = server.bind().expect("a port");
    println!("\nlistening on {}", bound.address());
    bound.run().expect("served");
    println!("\nended");
}

#[cfg(unix)]
#[test]
fn signals_end_the_process() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};

    let request = b"GET /forever HTTP/1.1\r\nHost: h\r\n\r\n".as_slice();
    // The second signal cuts what the first would wait for.
    for (signals, held) in [
        (["TERM"].as_slice(), None),
        (&["INT", "TERM"], Some(request)),
    ] {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "process_to_be_signalled", "--nocapture"])
            .env("SERVER_TO_BE_SIGNALLED", "1")
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let listening = lines.find_map(|line| {
            line.expect("text")
                .strip_prefix("listening on ")
                .map(ToOwned::to_owned)
        });
        let address = listening.expect("an address");
        let mut stream = std::net::TcpStream::connect(address).expect("a connection");
        stream.write_all(GET).expect("sent");
        assert_eq!(read_answer(&stream).expect("an answer").0, 200);
        if let Some(request) = held {
            stream.write_all(request).expect("sent");
        }
        let begun = std::time::Instant::now();
        for signal in signals {
            settle();
            let id = child.id().to_string();
            let sent = Command::new("kill")
                .args(["-s", signal, &id])
                .status()
                .expect("kill");
            assert!(sent.success());
        }
        assert!(
            lines.any(|line| line.expect("text") == "ended"),
            "{signals:?}"
        );
        assert!(child.wait().expect("an end").success());
        assert!(
            begun.elapsed() < Duration::from_secs(4),
            "{signals:?}: {:?}",
            begun.elapsed()
        );
    }
}

const EVENTS: &[u8] = b"GET /events HTTP/1.1\r\nHost: h\r\n\r\n";

/// Reads until `end` has come.
fn read_up_to(mut stream: &std::net::TcpStream, end: &str) -> String {
    let mut read = Vec::new();
    while !read.ends_with(end.as_bytes()) {
        let mut byte = [0];
        std::io::Read::read_exact(&mut stream, &mut byte).expect("more");
        read.push(byte[0]);
    }
    String::from_utf8(read).expect("text")
}

#[test]
fn event_streams_end_behind_a_whole_event() {
    let mut running = EchoServer::start(limits());
    let mut events = running.connect();
    events.write_all(EVENTS).expect("sent");
    let head = read_up_to(&events, "data: 1\n\n\r\n");
    assert!(head.contains("content-type: text/event-stream; charset=utf-8"));
    running.ask_to_stop();
    assert_eq!(read_up_to(&events, "0\r\n\r\n"), "0\r\n\r\n");
    assert!(running.stop() < Duration::from_secs(1));
}

#[test]
fn event_streams_are_dropped_when_their_client_leaves() {
    let running = EchoServer::start(limits());
    let mut events = running.connect();
    events.write_all(EVENTS).expect("sent");
    read_up_to(&events, "data: 1\n\n");
    let before = running.echo.dropped.load(Ordering::SeqCst);
    drop(events);
    let left = std::time::Instant::now();
    while running.echo.dropped.load(Ordering::SeqCst) == before {
        assert!(left.elapsed() < Duration::from_secs(5), "still open");
        std::thread::sleep(Duration::from_millis(20));
    }
    running.stop();
}
