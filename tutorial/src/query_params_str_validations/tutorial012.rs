//! A list in the query with a default.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items(#[query(default = ["foo", "bar"])] q: Vec<String>) -> Value {
    json!({"q": q})
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
