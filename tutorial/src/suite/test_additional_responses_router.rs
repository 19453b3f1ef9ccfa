//! Further answers by status, by range and by default.

use aplomb::prelude::*;

#[derive(Model)]
struct ResponseModel {
    message: String,
}

#[get("/a", responses(501 = "Error 1"))]
async fn a() -> Value {
    json!("a")
}

#[get("/b", responses(502 = "Error 2", "4XX" = "Error with range, upper"))]
async fn b() -> Value {
    json!("b")
}

#[get(
    "/c",
    responses(
        "400" = "Error with str",
        "5xx" = "Error with range, lower",
        "default" = "A default response",
    ),
)]
async fn c() -> Value {
    json!("c")
}

#[get(
    "/d",
    responses("400" = "Error with str", "5XX" = (ResponseModel), "default" = (ResponseModel)),
)]
async fn d() -> Value {
    json!("d")
}

pub fn app() -> App {
    App::new().include(Router::new().routes(routes![a, b, c, d]))
}
