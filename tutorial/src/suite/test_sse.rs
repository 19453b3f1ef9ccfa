//! Events of every kind, by response classes of operations, routers and applications.

use aplomb::prelude::*;

#[derive(Clone, Model)]
struct Item {
    name: String,
    description: Option<String>,
}

fn item(name: &str, description: &str) -> Item {
    Item {
        name: name.to_owned(),
        description: Some(description.to_owned()),
    }
}

fn items() -> impl Iterator<Item = Item> {
    [
        item("Plumbus", "A multi-purpose household device."),
        item("Portal Gun", "A portal opening device."),
        item("Meeseeks Box", "A box that summons a Meeseeks."),
    ]
    .into_iter()
}

#[get("/items/stream", response_class = EventStream)]
async fn sse_items() -> impl Stream<Item = Item> {
    generate(async |output| {
        for item in items() {
            output.send(item).await;
        }
    })
}

#[get("/items/stream-sync", response_class = EventStream)]
fn sse_items_sync() -> impl Iterator<Item = Item> {
    items()
}

#[get("/items/stream-no-annotation", response_class = EventStream)]
fn sse_items_no_annotation() -> impl Iterator<Item = Value> {
    items().map(|item| json!(item))
}

#[get("/items/stream-sync-no-annotation", response_class = EventStream)]
fn sse_items_sync_no_annotation() -> impl Iterator<Item = Value> {
    items().map(|item| json!(item))
}

#[get("/items/stream-dict", response_class = EventStream)]
fn sse_items_dict() -> impl Iterator<Item = Value> {
    items().map(|item| json!(item))
}

#[get("/items/stream-sse-event", response_class = EventStream)]
fn sse_items_event() -> impl Iterator<Item = ServerSentEvent> {
    [
        ServerSentEvent::new()
            .data(&"hello".to_owned())
            .event("greeting")
            .id("1"),
        ServerSentEvent::new()
            .data(&json!({"key": "value"}))
            .event("json-data")
            .id("2"),
        ServerSentEvent::new().comment("just a comment"),
        ServerSentEvent::new()
            .data(&"retry-test".to_owned())
            .retry(5000),
    ]
    .into_iter()
}

#[get("/items/stream-mixed", response_class = EventStream)]
fn sse_items_mixed() -> impl Iterator<Item = ServerSentEvent> {
    let events = items().map(|item| ServerSentEvent::new().data(&item));
    let special = ServerSentEvent::new()
        .data(&"custom-event".to_owned())
        .event("special");
    let last = items()
        .nth(1)
        .map(|item| ServerSentEvent::new().data(&item));
    events.chain([special]).chain(last)
}

#[get("/items/stream-string", response_class = EventStream)]
fn sse_items_string() -> impl Iterator<Item = ServerSentEvent> {
    [ServerSentEvent::new().data(&"plain text data".to_owned())].into_iter()
}

#[post("/items/stream-post", response_class = EventStream)]
async fn sse_items_post() -> impl Stream<Item = Item> {
    generate(async |output| {
        for item in items() {
            output.send(item).await;
        }
    })
}

#[get("/items/stream-raw", response_class = EventStream)]
fn sse_items_raw() -> impl Iterator<Item = ServerSentEvent> {
    [
        ServerSentEvent::new().raw_data("plain text without quotes"),
        ServerSentEvent::new()
            .raw_data("<div>html fragment</div>")
            .event("html"),
        ServerSentEvent::new()
            .raw_data("cpu,87.3,1709145600")
            .event("csv"),
    ]
    .into_iter()
}

#[get("/events", response_class = EventStream)]
fn stream_events() -> impl Iterator<Item = Value> {
    [json!({"msg": "hello"}), json!({"msg": "world"})].into_iter()
}

#[get("/events-typed", response_class = EventStream)]
async fn stream_events_typed() -> impl Stream<Item = Item> {
    generate(async |output| {
        for item in items() {
            output.send(item).await;
        }
    })
}

pub fn app() -> App {
    let router = Router::new()
        .prefix("/api")
        .routes(routes![stream_events, stream_events_typed]);
    App::new()
        .routes(routes![
            sse_items,
            sse_items_sync,
            sse_items_no_annotation,
            sse_items_sync_no_annotation,
            sse_items_dict,
            sse_items_event,
            sse_items_mixed,
            sse_items_string,
            sse_items_post,
            sse_items_raw
        ])
        .include(router)
}

#[get("/stream")]
async fn default_app_stream() -> impl Stream<Item = Item> {
    generate(async |output| {
        for item in items() {
            output.send(item).await;
        }
    })
}

pub fn default_app_app() -> App {
    App::new().default_response_class::<EventStream>().include(
        Router::new()
            .prefix("/api")
            .routes(routes![default_app_stream]),
    )
}

pub fn default_parent_app() -> App {
    let child = Router::new().routes(routes![default_app_stream]);
    let parent = Router::new()
        .prefix("/api")
        .default_response_class::<EventStream>()
        .include(child);
    App::new().include(parent)
}
