//! Streams as results: JSON Lines, events, bytes; what ends them, and what the document says.

#![allow(
    clippy::needless_pass_by_value,
    reason = "handlers own their arguments"
)]

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aplomb::http::{Body, Peer};
use aplomb::operation::ItemOrEvent;
use aplomb::prelude::*;
use aplomb::testing::TestClient;
use tokio::sync::Notify;

#[derive(Clone, Model)]
struct Item {
    name: String,
    description: Option<String>,
}

fn items() -> Vec<Item> {
    let item = |name: &str| Item {
        name: name.to_owned(),
        description: None,
    };
    vec![item("Plumbus"), item("Portal Gun")]
}

const LINES: &str =
    "{\"name\":\"Plumbus\",\"description\":null}\n{\"name\":\"Portal Gun\",\"description\":null}\n";

#[get("/async")]
async fn stream_async() -> impl Stream<Item = Item> {
    generate(async |output| {
        for item in items() {
            output.send(item).await;
        }
    })
}

#[get("/sync")]
fn stream_sync() -> impl Iterator<Item = Item> {
    items().into_iter()
}

#[get("/inline")]
async fn stream_inline() -> Result<impl Iterator<Item = Item>> {
    Ok(items().into_iter())
}

#[get("/fails-first")]
async fn fails_first() -> Result<impl Stream<Item = Item>> {
    let items: Option<JsonLinesOf> = None;
    let items = items.ok_or_else(|| HttpException::not_found("no items"))?;
    Ok(items.0)
}

struct JsonLinesOf(Pin<Box<dyn Stream<Item = Item> + Send>>);

#[get("/named", response_model_exclude_none)]
async fn named() -> JsonLines<impl Stream<Item = Item>> {
    JsonLines(generate(async |output| {
        for item in items() {
            output.send(item).await;
        }
    }))
}

fn client(routes: impl IntoIterator<Item = Route>) -> TestClient {
    TestClient::new(App::new().routes(routes))
}

#[test]
fn models_become_lines() {
    let client = client(routes![
        stream_async,
        stream_sync,
        stream_inline,
        fails_first,
        named
    ]);
    for path in ["/async", "/sync", "/inline"] {
        let answer = client.get(path).send();
        answer.assert_header("content-type", "application/jsonl");
        assert_eq!(answer.text(), LINES, "{path}");
    }
    client
        .get("/fails-first")
        .send()
        .assert_json(404, json!({"detail": "no items"}));
    assert_eq!(
        client.get("/named").send().text(),
        "{\"name\":\"Plumbus\"}\n{\"name\":\"Portal Gun\"}\n"
    );
}

#[get("/jsonl")]
async fn untyped() -> impl Iterator<Item = Value> {
    untyped_values()
}

#[get("/sse", response_class = EventStream)]
async fn untyped_events() -> impl Iterator<Item = Value> {
    untyped_values()
}

#[get("/sse-events", response_class = EventStream)]
async fn untyped_data() -> impl Iterator<Item = ServerSentEvent> {
    untyped_values().map(|value| ServerSentEvent::new().data(&json!({"value": value})))
}

fn untyped_values() -> impl Iterator<Item = Value> {
    [
        Value::Float(f64::NAN),
        json!({"nested": [[Value::Float(f64::INFINITY), 1.5], {"text": "NaN"}]}),
        json!("h\u{f6}"),
    ]
    .into_iter()
}

#[test]
fn values_are_spelled_as_python_spells_them() {
    let client = client(routes![untyped, untyped_events, untyped_data]);
    assert_eq!(
        client.get("/jsonl").send().text(),
        "null\n{\"nested\": [[null, 1.5], {\"text\": \"NaN\"}]}\n\"h\\u00f6\"\n"
    );
    assert_eq!(
        client.get("/sse").send().text(),
        "data: null\n\ndata: {\"nested\": [[null, 1.5], {\"text\": \"NaN\"}]}\n\ndata: \"h\\u00f6\"\n\n"
    );
    let text = client.get("/sse-events").send();
    assert!(text.text().starts_with("data: {\"value\": null}\n\n"));
}

#[get("/through", response_model = Item)]
async fn through() -> impl Iterator<Item = Value> {
    [
        json!({"name": "valid", "secret": 1}),
        json!({"name": ["invalid"]}),
        json!({"name": "never sent"}),
    ]
    .into_iter()
}

#[get("/fails")]
async fn fails() -> impl Stream<Item = Result<Item>> {
    try_generate(async |output| {
        for item in items() {
            output.send(Ok(item)).await;
        }
        Err(HttpException::new(500, "no more").into())
    })
}

/// The pieces of a body, and whether it came to its end.
async fn pieces(app: App, path: &str) -> (Vec<String>, bool) {
    pieces_heard(app, path, |_| {}).await
}

/// The same, each told of when it comes.
async fn pieces_heard(app: App, path: &str, hear: impl Fn(&str)) -> (Vec<String>, bool) {
    let request = ::http::Request::get(path)
        .body(Body::empty())
        .expect("a request");
    let answer = app.build().answer(request, Peer::unknown()).await;
    let mut body = answer.into_http().into_body();
    let mut pieces = Vec::new();
    loop {
        let frame = poll_fn(|context| http_body::Body::poll_frame(Pin::new(&mut body), context));
        match frame.await {
            Some(Ok(frame)) => {
                let data = frame.into_data().expect("data");
                let piece = String::from_utf8(data.to_vec()).expect("text");
                hear(&piece);
                pieces.push(piece);
            }
            Some(Err(_)) => return (pieces, false),
            None => return (pieces, true),
        }
    }
}

#[tokio::test]
async fn an_error_breaks_the_stream() {
    let app = || App::new().routes(routes![through, fails]);
    let (sent, whole) = pieces(app(), "/through").await;
    assert_eq!(sent, ["{\"name\":\"valid\",\"description\":null}\n"]);
    assert!(!whole);
    let (sent, whole) = pieces(app(), "/fails").await;
    assert_eq!(sent.concat(), LINES);
    assert!(!whole);
}

#[get("/mixed", response_class = EventStream)]
async fn mixed() -> impl Iterator<Item = ItemOrEvent<Item>> {
    let special = ServerSentEvent::new()
        .data(&"custom-event".to_owned())
        .event("special");
    [
        ItemOrEvent::Item(items().remove(0)),
        ItemOrEvent::Event(special),
    ]
    .into_iter()
}

#[post("/post", status = 201)]
async fn posted(text: Item) -> EventStream<impl Stream<Item = ServerSentEvent>> {
    EventStream::new(generate(async move |events| {
        let event = ServerSentEvent::new().raw_data(text.name);
        events.send(event).await;
    }))
}

#[get("/injected")]
async fn injected() -> impl Iterator<Item = ServerSentEvent> {
    [
        ServerSentEvent::new().raw_data("a"),
        ServerSentEvent::new().id("1\ndata: mine"),
    ]
    .into_iter()
}

#[tokio::test]
async fn events_have_their_headers_and_fields() {
    let app = || App::new().routes(routes![mixed, posted, injected]);
    let client = TestClient::new(app());
    let answer = client.get("/mixed").send();
    answer
        .assert_header("content-type", "text/event-stream; charset=utf-8")
        .assert_header("cache-control", "no-cache")
        .assert_header("x-accel-buffering", "no");
    assert_eq!(
        answer.text(),
        "data: {\"name\":\"Plumbus\",\"description\":null}\n\n\
         event: special\ndata: \"custom-event\"\n\n"
    );
    let answer = client.post("/post").json(&json!({"name": "a\nb"})).send();
    answer.assert_status(201);
    assert_eq!(answer.text(), "data: a\ndata: b\n\n");
    let (sent, whole) = pieces(app(), "/injected").await;
    assert_eq!((sent, whole), (vec!["data: a\n\n".to_owned()], false));
}

#[get("/patient")]
fn patient(heard: State<Arc<Notify>>) -> EventStream<impl Stream<Item = u8>> {
    let heard = Arc::clone(&heard);
    EventStream::new(generate(async move |numbers| {
        numbers.send(1).await;
        heard.notified().await;
        numbers.send(2).await;
    }))
    .ping_interval(Duration::from_millis(5))
}

#[tokio::test]
async fn silence_is_broken_by_pings() {
    let heard = Arc::new(Notify::new());
    let app = App::new()
        .state(Arc::clone(&heard))
        .routes(routes![patient]);
    // Without a ping the stream would never go on.
    let (sent, whole) = pieces_heard(app, "/patient", |piece| {
        if piece == ": ping\n\n" {
            heard.notify_one();
        }
    })
    .await;
    let [first, pings @ .., last] = &sent[..] else {
        panic!("{sent:?}")
    };
    assert_eq!((&**first, &**last), ("data: 1\n\n", "data: 2\n\n"));
    assert!(!pings.is_empty());
    assert!(pings.iter().all(|piece| piece == ": ping\n\n"), "{pings:?}");
    assert!(whole);
}

#[dependency]
fn set_accepted(response: ResponseParts) {
    response.status(202);
}

#[post("/raw", response_class = StreamingResponse, dependencies(set_accepted))]
async fn raw() -> impl Iterator<Item = &'static str> {
    ["accepted"].into_iter()
}

#[post("/lines", status = 201, dependencies(set_accepted))]
async fn lines() -> impl Iterator<Item = Item> {
    items().into_iter()
}

#[test]
fn dependencies_decide_the_status_of_streams() {
    let client = client(routes![raw, lines]);
    let answer = client.post("/raw").send();
    assert_eq!(answer.header("content-type"), None);
    assert_eq!((answer.status(), answer.text()), (202, "accepted".into()));
    client.post("/lines").send().assert_status(202);
}

#[get("/endless/{path}")]
fn endless(path: String, taken: State<Arc<AtomicUsize>>) -> impl Iterator<Item = u64> {
    let taken = Arc::clone(&taken);
    (0..).inspect(move |_| {
        let _ = &path;
        taken.fetch_add(1, Ordering::SeqCst);
    })
}

#[tokio::test]
async fn iterators_run_no_further_than_the_client_reads() {
    let taken = Arc::new(AtomicUsize::new(0));
    let app = App::new()
        .state(Arc::clone(&taken))
        .routes(routes![endless]);
    let request = ::http::Request::get("/endless/a")
        .body(Body::empty())
        .expect("a request");
    let answer = app.build().answer(request, Peer::unknown()).await;
    let mut body = answer.into_http().into_body();
    for number in 0..100 {
        let frame = poll_fn(|context| http_body::Body::poll_frame(Pin::new(&mut body), context));
        let data = frame
            .await
            .expect("more")
            .expect("a frame")
            .into_data()
            .expect("data");
        assert_eq!(data, format!("{number}\n"));
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(taken.load(Ordering::SeqCst) < 150);
}

#[test]
fn the_document_describes_items() {
    let events = Router::new()
        .default_response_class::<EventStream>()
        .routes([Route::of::<stream_async>().path("/default")]);
    let app = App::new()
        .routes(routes![
            stream_async,
            named,
            through,
            untyped,
            untyped_events,
            mixed,
            posted,
            raw
        ])
        .include(events);
    let document = app.openapi();
    let content = |path: &str, method: &str, status: &str| {
        document["paths"][path][method]["responses"][status]["content"].clone()
    };
    let item = json!({"$ref": "#/components/schemas/Item"});
    let lines = json!({"application/jsonl": {"itemSchema": item}});
    for path in ["/async", "/named", "/through"] {
        assert_eq!(content(path, "get", "200"), lines, "{path}");
    }
    let untyped = json!({"application/jsonl": {"itemSchema": {}}});
    assert_eq!(content("/jsonl", "get", "200"), untyped);
    let fields = |data: Value| {
        json!({
            "type": "object",
            "properties": {
                "data": data,
                "event": {"type": "string"},
                "id": {"type": "string"},
                "retry": {"type": "integer", "minimum": 0},
            },
        })
    };
    let mut typed = fields(json!({
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": item,
    }));
    typed["required"] = json!(["data"]);
    let typed = json!({"text/event-stream": {"itemSchema": typed}});
    assert_eq!(content("/mixed", "get", "200"), typed);
    assert_eq!(content("/default", "get", "200"), typed);
    let open = json!({"text/event-stream": {"itemSchema": fields(json!({"type": "string"}))}});
    assert_eq!(content("/sse", "get", "200"), open);
    assert_eq!(content("/post", "post", "201"), open);
    assert_eq!(content("/raw", "post", "200"), Value::Null);
}
