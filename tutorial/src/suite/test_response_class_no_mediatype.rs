//! A response class that names no media type.

use aplomb::prelude::*;

#[derive(Model)]
struct Error {
    status: String,
    title: String,
}

#[derive(Model)]
struct JsonApiError {
    errors: Vec<Error>,
}

#[get("/a", response_class = Response, responses(500 = (JsonApiError, "Error")))]
async fn a() -> Response {
    Response::new("")
}

#[get("/b", responses(500 = (Error, "Error")))]
async fn b() -> Value {
    Value::Null
}

pub fn app() -> App {
    App::new().routes(routes![a, b])
}
