//! A struct as a dependency: its fields are the parameters.

use aplomb::prelude::*;

const FAKE_ITEMS_DB: [&str; 3] = ["Foo", "Bar", "Baz"];

#[dependency]
struct CommonQueryParams {
    q: Option<String>,
    #[query(default = 0)]
    skip: i64,
    #[query(default = 100)]
    limit: i64,
}

#[get("/items/")]
async fn read_items(commons: Depends<CommonQueryParams>) -> Value {
    let count = |number: i64| usize::try_from(number).unwrap_or(0);
    let items = FAKE_ITEMS_DB.iter().skip(count(commons.skip));
    let items = items.take(count(commons.limit));
    let items: Value = items.map(|name| json!({"item_name": name})).collect();
    match &commons.q {
        Some(q) if !q.is_empty() => json!({"q": q, "items": items}),
        _ => json!({"items": items}),
    }
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
