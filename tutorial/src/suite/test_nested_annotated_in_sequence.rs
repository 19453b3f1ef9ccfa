//! An optional set of at most three texts.

use std::collections::BTreeSet;

use aplomb::prelude::*;

#[get("/")]
async fn read_root(#[query(max_length = 3)] foo: Option<BTreeSet<String>>) -> Value {
    json!({"foo": foo})
}

pub fn app() -> App {
    App::new().routes(routes![read_root])
}
