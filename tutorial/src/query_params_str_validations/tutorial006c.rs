//! A parameter that must be given, though it may be null.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items(#[query(required, min_length = 3)] q: Option<String>) -> Value {
    let mut results = json!({"items": [{"item_id": "Foo"}, {"item_id": "Bar"}]});
    if let Some(q) = q {
        results.insert("q", q);
    }
    results
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
