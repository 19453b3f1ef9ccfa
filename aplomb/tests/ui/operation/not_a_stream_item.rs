use aplomb::prelude::*;

struct Item {}

#[get("/items")]
async fn read() -> impl Stream<Item = Item> {
    generate(async |items| items.send(Item {}).await)
}

fn main() {}
