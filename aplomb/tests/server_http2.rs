//! HTTP/2 without TLS, by prior knowledge.

#[path = "server/echo.rs"]
mod echo;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use aplomb::serve::Limits;
use bytes::Bytes;
use echo::EchoServer;
use h2::RecvStream;
use h2::client::{Connection, SendRequest};
use http::{Request, StatusCode};
use tokio::net::TcpStream;

/// RFC 9113, section 6.9.2.
const USUAL_WINDOW: u32 = 65_535;

async fn connect(running: &EchoServer) -> SendRequest<Bytes> {
    let stream = TcpStream::connect(running.address)
        .await
        .expect("a connection");
    let (requests, connection) = h2::client::handshake(stream).await.expect("a handshake");
    tokio::spawn(connection);
    requests.ready().await.expect("ready")
}

async fn fetch(
    requests: &mut SendRequest<Bytes>,
    path: &str,
    body: &'static str,
) -> Result<(StatusCode, Vec<u8>), h2::Error> {
    let uri = format!("http://h.example{path}");
    let request = Request::post(uri).body(()).expect("a request");
    let (response, mut sending) = requests.send_request(request, false)?;
    sending.send_data(Bytes::from_static(body.as_bytes()), true)?;
    let (head, mut body) = response.await?.into_parts();
    let mut content = Vec::new();
    while let Some(piece) = body.data().await {
        let piece = piece?;
        body.flow_control().release_capacity(piece.len())?;
        content.extend_from_slice(&piece);
    }
    Ok((head.status, content))
}

#[tokio::test]
async fn streams_are_served_side_by_side() {
    let running = EchoServer::start(Limits::default());
    let mut requests = connect(&running).await;
    let mut slow = requests.clone();
    let slow = tokio::spawn(async move { fetch(&mut slow, "/slow", "").await });
    let (status, body) = fetch(&mut requests, "/", "hello").await.expect("an answer");
    assert_eq!(
        (status.as_u16(), body.as_slice()),
        (200, b"hello".as_slice())
    );
    assert!(!slow.is_finished());
    let (status, body) = fetch(&mut requests, "/big", "").await.expect("an answer");
    assert_eq!((status.as_u16(), body.len()), (200, 5 << 20));
    assert_eq!(slow.await.expect("no panic").expect("an answer").1, b"slow");
}

#[tokio::test]
async fn panic_in_one_stream_leaves_the_others() {
    let running = EchoServer::start(Limits::default());
    let mut requests = connect(&running).await;
    for path in ["/panic", "/panic-later", "/panic-at-once"] {
        let (status, _) = fetch(&mut requests, path, "").await.expect("an answer");
        assert_eq!(status.as_u16(), 500, "{path}");
    }
    assert_eq!(
        fetch(&mut requests, "/", "ok").await.expect("an answer").1,
        b"ok"
    );
}

#[tokio::test]
async fn bodies_above_the_limit_are_refused() {
    let limits = Limits {
        body_bytes: 3,
        ..Limits::default()
    };
    let running = EchoServer::start(limits);
    let mut requests = connect(&running).await;
    assert_eq!(
        fetch(&mut requests, "/", "abcd")
            .await
            .expect("an answer")
            .0
            .as_u16(),
        413
    );
    assert_eq!(
        fetch(&mut requests, "/", "abc")
            .await
            .expect("an answer")
            .0
            .as_u16(),
        200
    );
}

#[tokio::test]
async fn open_streams_finish_before_the_end() {
    let mut running = EchoServer::start(Limits::default());
    let mut requests = connect(&running).await;
    let mut idle = connect(&running).await;
    let mut slow = requests.clone();
    let slow = tokio::spawn(async move { fetch(&mut slow, "/slow", "").await });
    tokio::time::sleep(Duration::from_millis(150)).await;
    running.ask_to_stop();
    assert_eq!(slow.await.expect("no panic").expect("an answer").1, b"slow");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(
        fetch(&mut requests, "/", "").await.is_err(),
        "no new stream after the goodbye"
    );
    assert!(fetch(&mut idle, "/", "").await.is_err());
    let begun = Instant::now();
    running.stop();
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn floods_of_resets_end_the_connection() {
    let running = EchoServer::start(Limits::default());
    let requests = connect(&running).await;
    let mut refused = None;
    for _ in 0..5_000 {
        let request = Request::get("http://h.example/forever")
            .body(())
            .expect("a request");
        let sent = match requests.clone().ready().await {
            Ok(mut requests) => requests.send_request(request, true),
            Err(error) => Err(error),
        };
        match sent {
            Ok((response, mut stream)) => {
                stream.send_reset(h2::Reason::CANCEL);
                drop(response);
            }
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
        tokio::task::yield_now().await;
    }
    let mut others = connect(&running).await;
    assert_eq!(
        fetch(&mut others, "/", "ok").await.expect("an answer").1,
        b"ok"
    );
    let taken_up = running.echo.dropped.load(Ordering::SeqCst);
    assert!(refused.is_some() || taken_up > 0);
    assert!(
        running.stop() < Duration::from_secs(3),
        "no stream may be left open"
    );
}

/// A connection that nobody drives yet, whose answers may each bring so many bytes until more are
/// let come, and all together as many as is usual or as that.
async fn open(
    window: u32,
    running: &EchoServer,
) -> (SendRequest<Bytes>, Connection<TcpStream, Bytes>) {
    let stream = TcpStream::connect(running.address)
        .await
        .expect("a connection");
    let mut client = h2::client::Builder::new();
    client.initial_window_size(window);
    client.initial_connection_window_size(window.max(USUAL_WINDOW));
    let handshake = client.handshake::<_, Bytes>(stream);
    handshake.await.expect("a handshake")
}

/// Asks for long answers, and lets so many bytes of each come and no more.
async fn let_no_more_come(window: u32, pings: bool) {
    let limits = Limits {
        write_timeout: Duration::from_millis(500),
        ..Limits::default()
    };
    let running = EchoServer::start(limits);
    let (mut requests, mut connection) = open(window, &running).await;
    let ping_pong = connection.ping_pong();
    let connection = tokio::spawn(connection);
    let mut answers = Vec::new();
    for _ in 0..10 {
        let request = Request::get("http://h.example/big").body(());
        let request = request.expect("a request");
        let (answer, _) = requests.send_request(request, true).expect("sent");
        answers.push(answer.await.expect("an answer"));
    }
    let pinging = tokio::spawn(async move {
        let mut ping_pong = ping_pong.expect("pings");
        while pings && ping_pong.ping(h2::Ping::opaque()).await.is_ok() {
            // What answers them in one time-out is more than the least that counts as answers.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    let closed = tokio::time::timeout(Duration::from_secs(20), connection);
    drop(closed.await.expect("it stayed open"));
    drop(answers);
    pinging.await.expect("no panic");
}

#[tokio::test]
async fn a_client_that_lets_no_answer_come_is_closed() {
    let_no_more_come(0, false).await;
}

#[tokio::test]
async fn pings_do_not_hide_a_client_that_lets_no_answer_come() {
    let_no_more_come(0, true).await;
}

#[tokio::test]
async fn a_client_that_lets_only_the_beginning_come_is_closed() {
    let_no_more_come(5000, false).await;
}

/// A connection whose answers may each bring so many bytes until more are let come.
async fn connect_with(
    window: u32,
    running: &EchoServer,
) -> (SendRequest<Bytes>, tokio::task::JoinHandle<()>) {
    let (requests, connection) = open(window, running).await;
    let connection = tokio::spawn(async move {
        let _ = connection.await;
    });
    (requests, connection)
}

/// The answer is handed over at once and its request has ended; what is left of it waits in the
/// protocol for the window.
#[tokio::test]
async fn a_client_that_lets_all_but_the_end_come_is_closed() {
    let limits = Limits {
        write_timeout: Duration::from_millis(500),
        ..Limits::default()
    };
    let running = EchoServer::start(limits);
    let (mut requests, connection) = connect_with(10, &running).await;
    let request = Request::post("http://h.example/").body(());
    let request = request.expect("a request");
    let (answer, mut sending) = requests.send_request(request, false).expect("sent");
    let body = Bytes::from(vec![b'x'; 1000]);
    sending.send_data(body, true).expect("sent");
    let answer = answer.await.expect("an answer");
    let closed = tokio::time::timeout(Duration::from_secs(20), connection);
    closed.await.expect("it stayed open").expect("no panic");
    drop(answer);
}

/// Has a kilobyte echoed, of which the beginning may come.
async fn ask_for_a_beginning(requests: &mut SendRequest<Bytes>) -> RecvStream {
    let request = Request::post("http://h.example/").body(());
    let request = request.expect("a request");
    let (answer, mut sending) = requests.send_request(request, false).expect("sent");
    let body = Bytes::from(vec![b'x'; 1000]);
    sending.send_data(body, true).expect("sent");
    answer.await.expect("an answer").into_body()
}

/// Lets all come of what there is.
async fn let_the_rest_come(mut body: RecvStream) -> usize {
    let all = async {
        let mut bytes = 0;
        while let Some(piece) = body.data().await {
            let piece = piece.expect("all of it");
            bytes += piece.len();
            let released = body.flow_control().release_capacity(piece.len());
            released.expect("to be let come");
        }
        bytes
    };
    let all = tokio::time::timeout(Duration::from_secs(20), all);
    all.await.expect("an end")
}

#[tokio::test]
async fn the_end_of_an_answer_is_let_come_after_the_server_was_asked_to_stop() {
    let mut running = EchoServer::start(Limits::default());
    let (mut requests, connection) = connect_with(10, &running).await;
    let body = ask_for_a_beginning(&mut requests).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    running.ask_to_stop();
    // More than a connection is kept that has nothing to do.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(let_the_rest_come(body).await, 1000);
    drop(requests);
    let closed = tokio::time::timeout(Duration::from_secs(20), connection);
    closed.await.expect("it stayed open").expect("no panic");
    assert!(running.stop() < Duration::from_secs(5));
}

#[tokio::test]
async fn who_still_takes_an_answer_is_not_idle() {
    let limits = Limits {
        idle_timeout: Duration::from_millis(300),
        ..Limits::default()
    };
    let running = EchoServer::start(limits);
    let (mut requests, connection) = connect_with(10, &running).await;
    let body = ask_for_a_beginning(&mut requests).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(let_the_rest_come(body).await, 1000);
    // And now it is.
    let closed = tokio::time::timeout(Duration::from_secs(20), connection);
    closed.await.expect("it stayed open").expect("no panic");
}

/// Its windows are open, but it looks at its connection no more.
#[tokio::test]
async fn a_client_that_stops_reading_is_closed() {
    const WINDOW: u32 = 1 << 30;
    let limits = Limits {
        write_timeout: Duration::from_millis(500),
        ..Limits::default()
    };
    let running = EchoServer::start(limits);
    let (mut requests, mut connection) = open(WINDOW, &running).await;
    let mut answers = Vec::new();
    // More than systems keep for who does not read.
    for _ in 0..10 {
        let request = Request::get("http://h.example/big").body(());
        let request = request.expect("a request");
        answers.push(requests.send_request(request, true).expect("sent"));
    }
    let asking = tokio::time::timeout(Duration::from_millis(50), &mut connection);
    assert!(asking.await.is_err(), "it goes on");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let closed = tokio::time::timeout(Duration::from_secs(10), connection);
    let end = closed.await.expect("it stayed open");
    assert!(end.is_err(), "it was whole");
}

#[tokio::test]
async fn bodies_that_do_not_come_are_not_hidden_by_one_that_does() {
    let running = EchoServer::start(Limits::default());
    let stream = TcpStream::connect(running.address)
        .await
        .expect("a connection");
    let (requests, connection) = h2::client::handshake(stream).await.expect("a handshake");
    let connection = tokio::spawn(connection);
    let mut requests = requests.ready().await.expect("ready");
    let mut uploads = Vec::new();
    for _ in 0..20 {
        let request = Request::post("http://h.example/").body(());
        let request = request.expect("a request");
        uploads.push(requests.send_request(request, false).expect("sent"));
    }
    let begun = Instant::now();
    while !connection.is_finished() {
        assert!(
            begun.elapsed() < Duration::from_secs(25),
            "they stayed open"
        );
        // Twice the rate that one body must have.
        let _ = uploads[0].1.send_data(Bytes::from(vec![b'x'; 48]), false);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
