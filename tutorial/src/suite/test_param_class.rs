//! An optional parameter.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items(q: Option<String>) -> Value {
    json!({"q": q})
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
