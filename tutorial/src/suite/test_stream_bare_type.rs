//! Lines of whatever there is.

use aplomb::prelude::*;

#[get("/items/stream-bare-async")]
async fn stream_bare_async() -> impl Stream<Item = Value> {
    generate(async |output| output.send(json!({"name": "foo"})).await)
}

#[get("/items/stream-bare-sync")]
fn stream_bare_sync() -> impl Iterator<Item = Value> {
    [json!({"name": "bar"})].into_iter()
}

#[derive(Model)]
struct Item {
    name: String,
    optional: Option<String>,
}

#[get("/events-jsonl", response_model_exclude_none)]
async fn stream_events_jsonl() -> impl Stream<Item = Item> {
    generate(async |output| {
        let item = Item {
            name: "foo".to_owned(),
            optional: None,
        };
        output.send(item).await;
    })
}

pub fn app() -> App {
    App::new()
        .routes(routes![stream_bare_async, stream_bare_sync])
        .include(
            Router::new()
                .prefix("/api")
                .routes(routes![stream_events_jsonl]),
        )
}
