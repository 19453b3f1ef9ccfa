//! Answers and requests in gzip.

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use aplomb::http::Body;
use aplomb::middleware::{Gzip, GzipRequest};
use aplomb::testing::TestResponse;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::*;

#[get("/text/{length}")]
async fn text(length: usize) -> Response {
    Response::text("x".repeat(length))
}

#[get("/stream")]
async fn stream() -> Response {
    let pieces = (0..10).map(|_| Ok::<_, std::io::Error>("x".repeat(400)));
    Response::new(Body::from_stream(futures_util::stream::iter(pieces)))
        .content_type("text/plain; charset=utf-8")
}

#[get("/large-pieces")]
async fn large_pieces() -> Response {
    let pieces = (0..3_u8).map(|piece| Ok::<_, std::io::Error>(vec![piece; 300_000]));
    Response::new(Body::from_stream(futures_util::stream::iter(pieces)))
}

#[get("/typed")]
async fn typed(content_type: String) -> Response {
    let content_type: &'static str = content_type.leak();
    Response::text("x".repeat(4000)).content_type(content_type)
}

#[get("/encoded")]
async fn encoded() -> Response {
    Response::text("x".repeat(4000)).header("content-encoding", "text")
}

#[get("/part")]
async fn part() -> Response {
    Response::text("x".repeat(4000)).status(206)
}

#[get("/after")]
async fn after(tasks: BackgroundTasks, log: State<Log>) -> Response {
    let log = Arc::clone(&log);
    tasks.add(async move { log.lock().expect("a lock").push("ran") });
    Response::text("x".repeat(4000))
}

type Log = Arc<std::sync::Mutex<Vec<&'static str>>>;

fn gzip() -> TestClient {
    let app = App::new()
        .state(Log::default())
        .routes(routes![
            text,
            stream,
            large_pieces,
            typed,
            encoded,
            part,
            after
        ])
        .middleware(Gzip::new());
    TestClient::new(app)
}

fn ask(client: &TestClient, path: &str) -> TestResponse {
    client
        .get(path)
        .header("accept-encoding", "br, gzip")
        .send()
}

fn unpacked(response: &TestResponse) -> Vec<u8> {
    let mut unpacked = Vec::new();
    let mut decoder = GzDecoder::new(&response.bytes()[..]);
    decoder.read_to_end(&mut unpacked).expect("gzip");
    unpacked
}

#[test]
fn whole_answers_are_compressed_from_the_minimum_on() {
    let client = gzip();
    for (length, compressed) in [
        (0, false),
        (499, false),
        (500, true),
        (4000, true),
        (300_000, true),
    ] {
        let response = ask(&client, &format!("/text/{length}"));
        let encoding = response.header("content-encoding");
        assert_eq!(encoding, compressed.then_some("gzip"), "{length}");
        assert_eq!(
            response.header("vary"),
            compressed.then_some("Accept-Encoding")
        );
        let sent = response.bytes().len();
        assert_eq!(response.header("content-length"), Some(&*sent.to_string()));
        if compressed {
            assert!(sent < length);
            assert_eq!(unpacked(&response), "x".repeat(length).as_bytes());
        }
    }
}

#[test]
fn a_client_that_takes_no_gzip_is_told_that_others_may() {
    let response = gzip()
        .get("/text/4000")
        .header("accept-encoding", "br")
        .send();
    assert_eq!(response.header("content-encoding"), None);
    assert_eq!(response.header("vary"), Some("Accept-Encoding"));
    assert_eq!(response.header("content-length"), Some("4000"));
}

#[test]
fn streams_are_compressed_piece_by_piece() {
    let client = gzip();
    let response = ask(&client, "/stream");
    assert_eq!(response.header("content-encoding"), Some("gzip"));
    assert_eq!(response.header("content-length"), None);
    assert_eq!(unpacked(&response), "x".repeat(4000).as_bytes());
    let large = unpacked(&ask(&client, "/large-pieces"));
    assert_eq!(large.len(), 900_000);
    assert!(
        large
            .chunks(300_000)
            .zip(0..)
            .all(|(piece, n)| piece.iter().all(|byte| *byte == n))
    );
}

#[tokio::test]
async fn every_piece_of_a_stream_comes_out_at_once() {
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel::<&'static str>();
    let receiver = Arc::new(tokio::sync::Mutex::new(Some(receiver)));
    let app = App::new().middleware(move |_: Request, _: aplomb::middleware::Next| {
        let receiver = Arc::clone(&receiver);
        async move {
            let receiver = receiver.lock().await.take().expect("one request");
            let pieces = futures_util::stream::unfold(receiver, |mut receiver| async {
                let piece = receiver.recv().await?;
                Some((Ok::<_, std::io::Error>(piece), receiver))
            });
            Ok::<_, aplomb::Error>(Response::new(Body::from_stream(pieces)))
        }
    });
    let service = app.middleware(Gzip::new()).build();
    let request = ::http::Request::builder()
        .header("accept-encoding", "gzip")
        .body(Body::empty())
        .expect("a request");
    let response = service.answer(request, aplomb::http::Peer::unknown()).await;
    let mut body = response.into_http().into_body();
    let mut decoder = flate2::write::GzDecoder::new(Vec::new());
    for piece in ["first", "second"] {
        sender.send(piece).expect("sent");
        let mut held = 0;
        while !decoder.get_ref().ends_with(piece.as_bytes()) {
            let frame = http_body_util::BodyExt::frame(&mut body).await;
            let data = frame
                .expect("a frame")
                .expect("no error")
                .into_data()
                .expect("data");
            decoder.write_all(&data).expect("gzip");
            decoder.flush().expect("gzip");
            held += 1;
            assert!(held < 10);
        }
    }
}

#[test]
fn some_answers_stay_as_they_are() {
    let client = gzip();
    for content_type in [
        "image/png",
        "video/mp4",
        "text/event-stream; charset=utf-8",
        "Application/Zip",
        "application/grpc+proto",
    ] {
        let path = format!("/typed?content_type={}", content_type.replace('+', "%2B"));
        let response = ask(&client, &path);
        assert_eq!(response.header("content-encoding"), None, "{content_type}");
        assert_eq!(response.header("vary"), None, "{content_type}");
    }
    let svg = ask(&client, "/typed?content_type=image/svg%2Bxml");
    assert_eq!(svg.header("content-encoding"), Some("gzip"));
    assert_eq!(
        ask(&client, "/encoded").header("content-encoding"),
        Some("text")
    );
    assert_eq!(ask(&client, "/part").header("content-encoding"), None);
    assert_eq!(ask(&client, "/text/x").status(), 422);
}

#[test]
fn work_after_a_compressed_answer_runs() {
    let log = Log::default();
    let app = App::new()
        .state(Arc::clone(&log))
        .routes(routes![after])
        .middleware(Gzip::new());
    let response = ask(&TestClient::new(app), "/after");
    assert_eq!(response.header("content-encoding"), Some("gzip"));
    assert_eq!(*log.lock().expect("a lock"), ["ran"]);
}

#[test]
#[should_panic(expected = "gzip has no level 10")]
fn a_level_that_is_none() {
    let _ = Gzip::new().compress_level(10);
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("gzip");
    encoder.finish().expect("gzip")
}

#[post("/sum")]
async fn sum(numbers: Vec<i64>) -> i64 {
    numbers.iter().sum()
}

#[test]
fn compressed_requests() {
    let limits = Limits {
        body_bytes: 1000,
        ..Limits::default()
    };
    let router = Router::new().middleware(GzipRequest).routes(routes![sum]);
    let client = TestClient::new(App::new().limits(limits).include(router));
    let send = |body: Vec<u8>| {
        let request = client.post("/sum").header("content-encoding", "gzip");
        request
            .header("content-type", "application/json")
            .body(body)
            .send()
    };
    send(pack(b"[1,2,3]")).assert_json(200, 6);
    let halves = [pack(b"[1,"), pack(b"2]")].concat();
    send(halves).assert_json(200, 3);
    let bomb = pack(&vec![b' '; 900_000]);
    assert!(bomb.len() < 1000);
    send(bomb).assert_json(413, json!({"detail": "Content Too Large"}));
    let broken = json!({"detail": "There was an error parsing the body"});
    send(b"no gzip".to_vec()).assert_json(400, broken.clone());
    send(pack(b"[1,2,3]")[..10].to_vec()).assert_json(400, broken);
    assert_eq!(client.post("/sum").json(&json!([1])).send().json(), 1);
}

#[route("/headers", methods = ["GET", "POST"])]
async fn headers(request: Request) -> Vec<String> {
    let names = request.headers().keys();
    let told = names.filter(|name| name.as_str().ends_with("-encoding"));
    told.map(ToString::to_string).collect()
}

#[test]
fn requests_without_a_body_and_in_chunks() {
    let app = App::new().middleware(GzipRequest).routes(routes![headers]);
    let client = TestClient::new(app);
    let get = client.get("/headers").header("content-encoding", "gzip");
    get.send().assert_json(200, json!(["content-encoding"]));
    let post = client.post("/headers").header("content-encoding", "gzip");
    let post = post.header("transfer-encoding", "chunked");
    post.body(pack(b"{}")).send().assert_json(200, json!([]));
}

#[test]
fn members_without_content_are_not_read_for_ever() {
    let client = TestClient::new(App::new().middleware(GzipRequest).routes(routes![sum]));
    for (members, status) in [(1000, 200), (1001, 400)] {
        let body = [pack(b"[1]"), pack(b"").repeat(members)].concat();
        let request = client.post("/sum").header("content-encoding", "gzip");
        let request = request.header("content-type", "application/json");
        let answer = request.body(body).send();
        assert_eq!(answer.status(), status, "{members} members");
    }
    let items = format!("[{}1]", "1,".repeat(1_500_000));
    let chunks = items.as_bytes().chunks(1500).map(pack);
    let request = client.post("/sum").header("content-encoding", "gzip");
    let request = request.header("content-type", "application/json");
    let answer = request.body(chunks.collect::<Vec<_>>().concat()).send();
    answer.assert_json(200, 1_500_001);
}

/// How many threads a service needs beside its own to answer a request.
fn threads_for(app: App, request: ::http::Request<Body>) -> (usize, u16) {
    use std::sync::atomic::{AtomicUsize, Ordering};

    let threads = Arc::new(AtomicUsize::new(0));
    let started = Arc::clone(&threads);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .on_thread_start(move || {
            started.fetch_add(1, Ordering::SeqCst);
        })
        .enable_all()
        .build()
        .expect("a runtime");
    let service = app.build();
    let answer = runtime.block_on(service.answer(request, aplomb::http::Peer::unknown()));
    (
        threads.load(Ordering::SeqCst),
        answer.status_code().as_u16(),
    )
}

#[test]
fn much_work_of_compression_is_done_on_other_threads() {
    let ask = |path: &str| ::http::Request::builder().uri(path).header("host", "h");
    for (length, threads) in [(20_000, 0), (40_000, 1)] {
        let app = App::new().routes(routes![text]).middleware(Gzip::new());
        let request = ask(&format!("/text/{length}")).header("accept-encoding", "gzip");
        let request = request.body(Body::empty()).expect("a request");
        assert_eq!(threads_for(app, request), (threads, 200), "{length}");
    }
    // Some kilobytes can become megabytes.
    for (length, threads) in [(20_000, 0), (4 << 20, 1)] {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![b'x'; length]).expect("written");
        let compressed = encoder.finish().expect("compressed");
        assert!(compressed.len() < 20_000);
        let app = App::new().routes(routes![raw]).middleware(GzipRequest);
        let request = ask("/raw")
            .method("POST")
            .header("content-encoding", "gzip");
        let request = request.body(Body::from(compressed)).expect("a request");
        assert_eq!(threads_for(app, request), (threads, 200), "{length}");
    }
}
