//! Events that go on where a client lost them.

use aplomb::prelude::*;

#[derive(Clone, Model)]
struct Item {
    name: String,
    price: f64,
}

fn items() -> impl Iterator<Item = Item> {
    [
        ("Plumbus", 32.99),
        ("Portal Gun", 999.99),
        ("Meeseeks Box", 49.99),
    ]
    .map(|(name, price)| Item {
        name: name.to_owned(),
        price,
    })
    .into_iter()
}

#[get("/items/stream", response_class = EventStream)]
async fn stream_items(#[header] last_event_id: Option<i64>) -> impl Stream<Item = ServerSentEvent> {
    let start = last_event_id.map_or(0, |id| id.saturating_add(1));
    generate(async move |events| {
        for (number, item) in (0..).zip(items()) {
            if number < start {
                continue;
            }
            let event = ServerSentEvent::new().data(&item).id(number.to_string());
            events.send(event).await;
        }
    })
}

pub fn app() -> App {
    App::new().routes(routes![stream_items])
}
