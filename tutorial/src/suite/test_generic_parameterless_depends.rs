//! Dependencies by type.

use aplomb::prelude::*;

#[dependency]
fn make_a() -> &'static str {
    "A"
}

#[dependency]
fn make_b() -> &'static str {
    "B"
}

#[get("/a")]
async fn a(dep: Depends<make_a>) -> Value {
    json!({"cls": *dep})
}

#[get("/b")]
async fn b(dep: Depends<make_b>) -> Value {
    json!({"cls": *dep})
}

pub fn app() -> App {
    App::new().routes(routes![a, b])
}
