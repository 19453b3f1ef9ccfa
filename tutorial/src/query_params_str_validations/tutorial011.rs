//! A query parameter given several times.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items(#[query] q: Option<Vec<String>>) -> Value {
    json!({"q": q})
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
