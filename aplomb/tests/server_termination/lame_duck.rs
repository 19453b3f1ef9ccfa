//! From the signal to the exit, where a balancer learns late: who still comes is served and told.

use bytes::Bytes;
use h2::RecvStream;
use h2::client::SendRequest;
use http::Request;

use super::*;

async fn connect_http2(address: SocketAddr) -> SendRequest<Bytes> {
    let stream = TcpStream::connect(address).await.expect("a connection");
    let (requests, connection) = h2::client::handshake(stream).await.expect("a handshake");
    tokio::spawn(connection);
    requests
}

/// The beginning of an answer, once it is there.
async fn begin(requests: &SendRequest<Bytes>, path: &str) -> Result<RecvStream, h2::Error> {
    let mut requests = requests.clone().ready().await?;
    let request = Request::get(format!("http://h.example{path}")).body(());
    let (answer, _) = requests.send_request(request.expect("a request"), true)?;
    let answer = answer.await?;
    assert_eq!(answer.status(), 200, "{path}");
    Ok(answer.into_body())
}

async fn read(mut body: RecvStream) -> Result<usize, h2::Error> {
    let mut length = 0;
    while let Some(piece) = body.data().await {
        let piece = piece?;
        body.flow_control().release_capacity(piece.len())?;
        length += piece.len();
    }
    Ok(length)
}

/// A request over HTTP/1; whether the answer says that the connection closes.
async fn is_told(stream: &mut TcpStream) -> bool {
    stream.write_all(GET).await.expect("sent");
    let answer = read_answer(stream, &Seen::default()).await;
    matches!(answer.expect("an answer"), Answer::Closing)
}

/// What the management listener says of the readiness.
async fn readiness(management: SocketAddr) -> String {
    let mut stream = TcpStream::connect(management).await.expect("a connection");
    let request = b"GET /readyz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    body.to_owned()
}

#[test]
fn whoever_learns_late_is_served_and_told_until_the_lame_duck_is_over() {
    let mut program = Program::with("lame-duck", &[("MANAGEMENT", "127.0.0.1:0")]);
    let address = program.address;
    let management = program.wait_for("  management ");
    let (_, management) = management.split_once("http://").expect("an address");
    let management = management.parse().expect("an address");
    on_runtime(async {
        let (http2, idle_http2) = (connect_http2(address).await, connect_http2(address).await);
        let report = begin(&http2, "/report").await.expect("an answer");
        let mut kept = TcpStream::connect(address).await.expect("a connection");
        let mut idle = TcpStream::connect(address).await.expect("a connection");
        let mut unused = TcpStream::connect(address).await.expect("a connection");
        assert!(!is_told(&mut kept).await && !is_told(&mut idle).await);
        assert_eq!(readiness(management).await, r#"{"status":"ready"}"#);

        program.signal("TERM");
        let asked = Instant::now();
        while readiness(management).await != r#"{"status":"draining"}"# {
            assert!(asked.elapsed() < PATIENCE, "it stayed ready");
        }
        assert!(is_told(&mut kept).await, "a connection that was open");
        let mut fresh = TcpStream::connect(address).await.expect("a connection");
        assert!(is_told(&mut fresh).await, "a connection that is new");
        let fresh = connect_http2(address).await;
        let process = begin(&fresh, "/process").await.expect("an answer");
        assert!(read(process).await.expect("an answer") > 0);
        // Longer than idle connections are kept once nobody is let in any more.
        sleep(Duration::from_secs(1)).await;
        assert!(is_told(&mut idle).await, "a connection that was idle");
        assert!(
            is_told(&mut unused).await,
            "a connection that was never used"
        );
        for goodbye in [&http2, &idle_http2] {
            begin(goodbye, "/process").await.expect_err("a goodbye");
        }
        assert!(asked.elapsed() < Duration::from_secs(3), "in time");

        while TcpStream::connect(address).await.is_ok() {
            assert!(asked.elapsed() < PATIENCE, "it takes connections");
            sleep(Duration::from_millis(5)).await;
        }
        assert!(asked.elapsed() >= Duration::from_secs(3), "early");
        let length = read(report).await.expect("the whole report");
        assert_eq!(length, program::REPORT_LENGTH);
    });
    program.wait();
    let last = program.log().pop().unwrap_or_default();
    assert!(last.contains("stopped"), "{last}");
    assert!(
        !last.contains('\u{1b}'),
        "no colours outside of a terminal: {last:?}"
    );
}
