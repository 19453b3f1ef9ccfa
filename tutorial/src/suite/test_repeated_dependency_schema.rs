//! A header that two dependencies take, documented once.

use aplomb::prelude::*;

#[dependency]
fn get_header(#[header] someheader: String) -> String {
    someheader
}

#[dependency]
fn get_something_else(someheader: Depends<get_header>) -> String {
    format!("{}123", *someheader)
}

#[get("/")]
async fn get_deps(dep1: Depends<get_header>, dep2: Depends<get_something_else>) -> Value {
    json!({"dep1": *dep1, "dep2": *dep2})
}

pub fn app() -> App {
    App::new().routes(routes![get_deps])
}
