//! Streams and iterators as one JSON array that is made while it is sent.

#![allow(
    clippy::needless_pass_by_value,
    reason = "handlers own their arguments"
)]

#[path = "answers/rows.rs"]
mod rows;
#[path = "server/served.rs"]
mod served;

use std::future::poll_fn;
use std::io::Read as _;
use std::net::TcpStream;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use aplomb::http::{Body, Peer};
use aplomb::operation::{ClassKind, ItemOrEvent};
use aplomb::prelude::*;
use aplomb::serve::Limits;
use aplomb::testing::TestClient;
use futures_util::{StreamExt as _, stream};
use rows::unchunked;
use served::{Served, answer, wait_until};

#[derive(Clone, Model)]
struct Item {
    id: u64,
    name: Option<String>,
}

fn item(id: u64) -> Item {
    Item { id, name: None }
}

#[get("/whole")]
async fn whole(count: u64) -> Vec<Item> {
    (0..count).map(item).collect()
}

#[get("/iterator", response_class = JsonArray)]
async fn iterator(count: u64) -> impl Iterator<Item = Item> {
    (0..count).map(item)
}

#[get("/blocking", response_class = JsonArray)]
fn blocking(count: u64) -> impl Iterator<Item = Item> {
    (0..count).map(item)
}

#[get("/stream", response_class = JsonArray)]
async fn streamed(count: u64) -> Result<impl Stream<Item = Result<Item>>> {
    if count > 1_000_000 {
        return Err(HttpException::new(400, "too many").into());
    }
    Ok(stream::iter(0..count).map(|id| Ok(item(id))))
}

#[get("/named")]
async fn named(count: u64) -> JsonArray<impl Stream<Item = Item>> {
    JsonArray(generate(async move |items| {
        for id in 0..count {
            items.send(item(id)).await;
        }
    }))
}

#[get("/short", response_class = JsonArray, response_model_exclude_none, status = 203)]
async fn short() -> impl Iterator<Item = Item> {
    (0..2).map(item)
}

struct Own;

impl ResponseClass for Own {
    const MEDIA_TYPE: Option<&'static str> = Some("application/vnd.items+json");
    const KIND: ClassKind = ClassKind::Array;
}

#[get("/values", response_class = Own)]
async fn values() -> impl Iterator<Item = Value> {
    [json!({"a": [1, null]}), Value::Float(f64::NAN)].into_iter()
}

#[get("/no-stream", response_class = JsonArray)]
async fn no_stream() -> Item {
    item(1)
}

#[test]
fn an_array_is_what_a_list_is() {
    let client = TestClient::new(App::new().routes(routes![
        whole, iterator, blocking, streamed, named, short, values, no_stream
    ]));
    // None, one, some in one piece, and many pieces.
    for count in [0, 1, 5, 20_000] {
        let expected = client.get(&format!("/whole?count={count}")).send();
        for path in ["iterator", "blocking", "stream", "named"] {
            let answer = client.get(&format!("/{path}?count={count}")).send();
            answer.assert_status(200);
            answer.assert_header("content-type", "application/json");
            assert_eq!(answer.text(), expected.text(), "{path} {count}");
        }
    }
    let answer = client.get("/stream?count=1000001").send();
    answer.assert_json(400, json!({"detail": "too many"}));
    let answer = client.get("/short").send();
    assert_eq!(
        (answer.status(), &*answer.text()),
        (203, r#"[{"id":0},{"id":1}]"#)
    );
    let answer = client.get("/values").send();
    answer.assert_header("content-type", "application/vnd.items+json");
    assert_eq!(answer.text(), r#"[{"a":[1,null]},null]"#);
    assert_eq!(
        client.get("/no-stream").send().text(),
        r#"{"id":1,"name":null}"#
    );
}

#[get("/through", response_class = JsonArray, response_model = Item)]
async fn through() -> impl Iterator<Item = Value> {
    [json!({"id": 1, "secret": true})].into_iter()
}

#[test]
fn the_document_shows_the_array() {
    let app = App::new().routes(routes![whole, iterator, blocking, streamed, named, through]);
    let document = app.openapi();
    let content = |path: &str| &document["paths"][path]["get"]["responses"]["200"]["content"];
    let expected = |title: &str| {
        let mut expected = content("/whole").clone();
        let schema = &mut expected["application/json"]["schema"];
        assert_eq!(schema["type"], "array");
        schema["title"] = title.into();
        expected
    };
    assert_eq!(
        *content("/iterator"),
        expected("Response Iterator Iterator Get")
    );
    assert_eq!(
        *content("/blocking"),
        expected("Response Blocking Blocking Get")
    );
    assert_eq!(
        *content("/stream"),
        expected("Response Streamed Stream Get")
    );
    assert_eq!(*content("/named"), expected("Response Named Named Get"));
    assert_eq!(
        *content("/through"),
        expected("Response Through Through Get")
    );
}

#[get("/fails", response_class = JsonArray)]
async fn fails(after: u64) -> impl Iterator<Item = Result<Item>> {
    (0..=after).map(move |id| match id < after {
        true => Ok(item(id)),
        false => Err(HttpException::new(500, "no more").into()),
    })
}

#[get("/panics", response_class = JsonArray)]
async fn panics() -> impl Iterator<Item = Item> {
    (0..20_000).map(|id| {
        assert!(id < 15_000, "on purpose");
        item(id)
    })
}

#[get("/events", response_class = JsonArray)]
async fn events() -> impl Iterator<Item = ItemOrEvent<Item>> {
    let event = ServerSentEvent::new().event("done");
    [ItemOrEvent::Item(item(0)), ItemOrEvent::Event(event)].into_iter()
}

/// What a client gets of an answer that is cut, which may be nothing.
fn cut(mut stream: TcpStream) -> bool {
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    read.is_err() || !answer.ends_with(b"\r\n0\r\n\r\n")
}

#[test]
fn an_error_cuts_the_array() {
    let app = App::new().routes(routes![fails, panics, events, iterator]);
    let server = Served::start(app, Limits::default());
    assert!(!cut(server.ask("GET", "/iterator?count=20000", "")));
    for path in ["/fails?after=0", "/fails?after=9000", "/panics", "/events"] {
        assert!(cut(server.ask("GET", path, "")), "{path}");
    }
}

#[tokio::test]
async fn what_came_before_an_error_is_sent() {
    let app = App::new().routes(routes![fails]);
    let request = ::http::Request::get("/fails?after=2").body(Body::empty());
    let request = request.expect("a request");
    let answer = app.build().answer(request, Peer::unknown()).await;
    let mut body = answer.into_http().into_body();
    let mut next = async || {
        let frame = poll_fn(|context| http_body::Body::poll_frame(Pin::new(&mut body), context));
        let frame = frame.await?;
        Some(frame.map(|frame| frame.into_data().expect("data")))
    };
    let items = r#"[{"id":0,"name":null},{"id":1,"name":null}"#;
    assert_eq!(next().await.expect("a piece").expect("items"), items);
    assert!(next().await.expect("an error").is_err());
    assert!(next().await.is_none());
}

/// Tells how many items have been made, and whether the iterator lives.
#[derive(Clone, Default)]
struct Seen {
    made: Arc<AtomicUsize>,
    living: Arc<AtomicUsize>,
}

struct Endless {
    seen: Seen,
    pause: Duration,
}

impl Endless {
    fn new(seen: &Seen, pause: Duration) -> Self {
        seen.living.fetch_add(1, SeqCst);
        let seen = seen.clone();
        Self { seen, pause }
    }
}

impl Iterator for Endless {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        std::thread::sleep(self.pause);
        self.seen.made.fetch_add(1, SeqCst);
        Some("x".repeat(1000))
    }
}

impl Drop for Endless {
    fn drop(&mut self) {
        self.seen.living.fetch_sub(1, SeqCst);
    }
}

#[get("/endless", response_class = JsonArray)]
async fn endless(seen: State<Seen>) -> impl Iterator<Item = String> {
    Endless::new(&seen, Duration::ZERO)
}

/// Takes longer than its deadline as a whole, though it begins at once.
#[get("/slow", response_class = JsonArray, deadline = "1s")]
async fn slow(seen: State<Seen>) -> impl Iterator<Item = String> {
    Endless::new(&seen, Duration::from_millis(60)).take(25)
}

#[get("/late", response_class = JsonArray, deadline = "300ms")]
async fn late() -> impl Iterator<Item = u8> {
    tokio::time::sleep(Duration::from_secs(20)).await;
    [1].into_iter()
}

#[test]
fn readers_decide_how_much_is_made() {
    let seen = Seen::default();
    let app = App::new()
        .state(seen.clone())
        .routes(routes![endless, slow, late]);
    let limits = Limits {
        write_timeout: Duration::from_secs(3),
        ..Limits::default()
    };
    let server = Served::start(app, limits);
    let made = || seen.made.load(SeqCst);
    let living = || seen.living.load(SeqCst);

    // Nothing is made for a reader that stands still, once the sockets are full.
    let mut stands = server.ask("GET", "/endless", "");
    stands.read_exact(&mut [0; 1000]).expect("a beginning");
    wait_until("nothing more is made", || {
        let before = made();
        std::thread::sleep(Duration::from_millis(200));
        before > 0 && made() == before
    });
    let before = made();
    // It goes on as it is read.
    stands.read_exact(&mut vec![0; 30 << 20]).expect("more");
    assert!(made() > before);
    // Who reads nothing more is cut, and the iterator goes.
    assert_eq!(living(), 1);
    wait_until("it is cut", || living() == 0);

    // As it does for a client that leaves.
    let mut leaves = server.ask("GET", "/endless", "");
    leaves.read_exact(&mut [0; 1000]).expect("a beginning");
    assert_eq!(living(), 1);
    drop(leaves);
    wait_until("it is dropped", || living() == 0);

    // Only what comes before the first item is in the deadline.
    let begun = Instant::now();
    let (status, _, body) = answer(server.ask("GET", "/slow", ""));
    assert!(begun.elapsed() > Duration::from_secs(1));
    let items: Vec<String> =
        serde_json::from_str(&unchunked(&body).expect("a whole body")).expect("an array");
    assert_eq!((status, items.len()), (200, 25));
    let (status, ..) = answer(server.ask("GET", "/late", ""));
    assert_eq!(status, 504);
}
