//! Models and values as events.

use aplomb::prelude::*;

#[derive(Clone, Model)]
struct Item {
    name: String,
    #[field(required)]
    description: Option<String>,
}

fn items() -> impl Iterator<Item = Item> {
    [
        ("Plumbus", "A multi-purpose household device."),
        ("Portal Gun", "A portal opening device."),
        ("Meeseeks Box", "A box that summons a Meeseeks."),
    ]
    .map(|(name, description)| Item {
        name: name.to_owned(),
        description: Some(description.to_owned()),
    })
    .into_iter()
}

fn values() -> impl Iterator<Item = Value> {
    items().map(|item| json!({"name": item.name, "description": item.description}))
}

#[get("/items/stream", response_class = EventStream)]
async fn sse_items() -> impl Stream<Item = Item> {
    generate(async |output| {
        for item in items() {
            output.send(item).await;
        }
    })
}

#[get("/items/stream-no-async", response_class = EventStream)]
fn sse_items_no_async() -> impl Iterator<Item = Item> {
    items()
}

#[get("/items/stream-no-annotation", response_class = EventStream)]
async fn sse_items_no_annotation() -> impl Stream<Item = Value> {
    generate(async |output| {
        for item in values() {
            output.send(item).await;
        }
    })
}

#[get("/items/stream-no-async-no-annotation", response_class = EventStream)]
fn sse_items_no_async_no_annotation() -> impl Iterator<Item = Value> {
    values()
}

pub fn app() -> App {
    App::new().routes(routes![
        sse_items,
        sse_items_no_async,
        sse_items_no_annotation,
        sse_items_no_async_no_annotation,
    ])
}
