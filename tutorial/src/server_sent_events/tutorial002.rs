//! Events with a type, an id and a time to wait before reconnecting.

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
async fn stream_items() -> impl Stream<Item = ServerSentEvent> {
    generate(async |events| {
        let comment = ServerSentEvent::new().comment("stream of item updates");
        events.send(comment).await;
        for (number, item) in (1..).zip(items()) {
            let event = ServerSentEvent::new()
                .data(&item)
                .event("item_update")
                .id(number.to_string())
                .retry(5000);
            events.send(event).await;
        }
    })
}

pub fn app() -> App {
    App::new().routes(routes![stream_items])
}
