//! Where connections come from, how many there may be, and whom they speak for.

#[path = "server/echo.rs"]
mod echo;

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use aplomb::http::TrustedProxies;
use aplomb::serve::{Dispatch, Limits, Server};
use echo::{Echo, EchoServer, exchange, read_answer};

#[test]
fn forwarded_clients_are_believed_from_this_machine_only() {
    let running = EchoServer::start(Limits::default());
    let asked = |forwarded: &str| {
        let request =
            format!("GET /client HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{forwarded}\r\n");
        let (answer, _) = exchange(
            &running.connect(),
            request.as_bytes(),
            Duration::from_secs(5),
        );
        String::from_utf8(answer).expect("text")
    };
    assert!(asked("X-Forwarded-For: testclient\r\n").contains("host: \"testclient\", port: 0"));
    assert!(asked("X-Forwarded-For: 9.9.9.9, 8.8.8.8, ::1\r\n").contains("\"8.8.8.8\""));
    assert!(asked("").contains("host: \"127.0.0.1\""));
    let nobody = aplomb::http::Peer::new(
        Some(running.address),
        None,
        &Arc::new(TrustedProxies::nobody()),
    );
    let headers = http::HeaderMap::from_iter([(
        http::HeaderName::from_static("x-forwarded-for"),
        http::HeaderValue::from_static("6.6.6.6"),
    )]);
    assert_eq!(
        nobody.client(&headers).map(|client| client.host).as_deref(),
        Some("127.0.0.1")
    );
}

#[test]
#[cfg(target_os = "linux")]
fn the_system_takes_in_little_of_what_nobody_reads() {
    let limits = Limits {
        write_timeout: Duration::from_millis(300),
        ..Limits::default()
    };
    let running = EchoServer::start(limits);
    let mut stream = running.connect();
    stream
        .write_all(b"GET /big HTTP/1.1\r\nHost: h\r\n\r\n")
        .expect("sent");
    std::thread::sleep(Duration::from_secs(2));
    let (rest, closed) = exchange(&stream, b"", Duration::from_secs(5));
    assert!(closed, "it was given up");
    assert!(!rest.is_empty() && rest.len() < 1 << 20, "{}", rest.len());
}

#[test]
fn connections_above_the_limit_wait() {
    let limits = Limits {
        connections: 2,
        ..Limits::default()
    };
    let running = EchoServer::start(limits);
    let get = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    let mut held = [running.connect(), running.connect()];
    for stream in &mut held {
        stream.write_all(get).expect("sent");
        assert_eq!(read_answer(stream).expect("an answer").0, 200);
    }
    let waiting = running.connect();
    let (answer, closed) = exchange(&waiting, get, Duration::from_millis(300));
    assert!(answer.is_empty() && !closed, "the third must wait");
    drop(held);
    assert_eq!(read_answer(&waiting).expect("an answer").0, 200);
}

#[test]
fn what_is_sent_while_an_answer_is_made_is_answered_after_it() {
    let running = EchoServer::start(Limits::default());
    let stream = running.connect();
    let mut writer = &stream;
    writer
        .write_all(b"GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
        .expect("sent");
    for part in [
        "P",
        "OST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi",
    ] {
        std::thread::sleep(Duration::from_millis(100));
        writer.write_all(part.as_bytes()).expect("sent");
    }
    for body in ["slow", "hi"] {
        let (status, _, answer) = read_answer(&stream).expect("an answer");
        assert_eq!((status, answer.as_slice()), (200, body.as_bytes()));
    }
}

#[test]
fn taken_port_is_named() {
    let running = EchoServer::start(Limits::default());
    let server = Server::new(Arc::new(Echo::default()) as Arc<dyn Dispatch>);
    let error = server
        .address(running.address)
        .bind()
        .expect_err("the port is taken");
    assert!(
        error.to_string().contains(&running.address.to_string()),
        "{error}"
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn unix_sockets_are_served_and_cleaned_up() {
    let path = std::env::temp_dir().join(format!("aplomb-{}.sock", std::process::id()));
    let address = format!("unix:{}", path.display());
    let bind = || {
        Server::new(Arc::new(Echo::default()) as Arc<dyn Dispatch>)
            .address(address.as_str())
            .bind()
    };
    drop(bind().expect("bound"));
    assert!(path.exists(), "left behind as by a process that was killed");
    let bound = bind().expect("the stale socket is replaced");
    assert_eq!(bound.address().to_string(), address);
    assert!(bind().is_err(), "a socket in use is not");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(bound.serve_until(async {
        let _ = stopped.await;
    }));
    let answer = tokio::task::spawn_blocking({
        let path = path.clone();
        move || {
            let mut stream = std::os::unix::net::UnixStream::connect(path).expect("connected");
            let request = b"GET /client HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\
                            X-Forwarded-For: 5.5.5.5\r\n\r\n";
            stream.write_all(request).expect("sent");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("an answer");
            answer
        }
    });
    assert!(answer.await.expect("no panic").contains("\"5.5.5.5\""));
    drop(stop);
    served.await.expect("no panic").expect("served");
    assert!(!path.exists());
}
