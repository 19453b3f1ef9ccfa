//! Models and values, one a line.

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

#[get("/items/stream")]
async fn stream_items() -> impl Stream<Item = Item> {
    generate(async |output| {
        for item in items() {
            output.send(item).await;
        }
    })
}

#[get("/items/stream-no-async")]
fn stream_items_no_async() -> impl Iterator<Item = Item> {
    items()
}

#[get("/items/stream-no-annotation")]
async fn stream_items_no_annotation() -> impl Stream<Item = Value> {
    generate(async |output| {
        for item in values() {
            output.send(item).await;
        }
    })
}

#[get("/items/stream-no-async-no-annotation")]
fn stream_items_no_async_no_annotation() -> impl Iterator<Item = Value> {
    values()
}

pub fn app() -> App {
    App::new().routes(routes![
        stream_items,
        stream_items_no_async,
        stream_items_no_annotation,
        stream_items_no_async_no_annotation,
    ])
}
