//! Everything that can be said of a query parameter.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items(
    /// Query string for the items to search in the database that have a good match
    #[query(
        alias = "item-query",
        title = "Query string",
        min_length = 3,
        max_length = 50,
        pattern = "^fixedquery$",
        deprecated
    )]
    q: Option<String>,
) -> Value {
    let mut results = json!({"items": [{"item_id": "Foo"}, {"item_id": "Bar"}]});
    if let Some(q) = q {
        results.insert("q", q);
    }
    results
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
