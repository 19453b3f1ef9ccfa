//! A further answer of every route that is one model or another, with examples.

use aplomb::prelude::*;

#[derive(Model)]
struct ModelA {
    a: String,
}

#[derive(Model)]
struct ModelB {
    b: String,
}

#[derive(Model)]
#[model(untagged)]
enum Either {
    A(ModelA),
    B(ModelB),
}

#[get("/route1", responses(500 = (Either, {"content": {"application/json": {"examples": {"Case A": {"value": "a"}}}}})))]
async fn route1() -> Value {
    Value::Null
}

#[get("/route2", responses(500 = (Either, {"content": {"application/json": {"examples": {"Case A": {"value": "a"}}}}})))]
async fn route2() -> Value {
    Value::Null
}

pub fn app() -> App {
    App::new().routes(routes![route1, route2])
}
