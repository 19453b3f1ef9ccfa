//! A struct as a dependency, made by a function that can check its fields together.

use aplomb::prelude::*;

const FAKE_ITEMS_DB: [&str; 3] = ["Foo", "Bar", "Baz"];

struct CommonQueryParams {
    q: Option<String>,
    skip: usize,
    limit: usize,
}

#[dependency]
async fn common_query_params(
    q: Option<String>,
    #[query(default = 0)] skip: i64,
    #[query(default = 100)] limit: i64,
) -> CommonQueryParams {
    let count = |number: i64| usize::try_from(number).unwrap_or(0);
    CommonQueryParams {
        q: q.filter(|q| !q.is_empty()),
        skip: count(skip),
        limit: count(limit),
    }
}

#[get("/items/")]
async fn read_items(commons: Depends<common_query_params>) -> Value {
    let items = FAKE_ITEMS_DB.iter().skip(commons.skip).take(commons.limit);
    let items: Value = items.map(|name| json!({"item_name": name})).collect();
    match &commons.q {
        Some(q) => json!({"q": q, "items": items}),
        None => json!({"items": items}),
    }
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
