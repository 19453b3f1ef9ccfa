//! Several errors in a list of the query.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items(#[query(default_with = Vec::new)] q: Vec<i64>) -> Value {
    json!({"q": q})
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
