//! A list of anything in the query.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items(#[query(default)] q: Vec<Value>) -> Value {
    json!({"q": q})
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
