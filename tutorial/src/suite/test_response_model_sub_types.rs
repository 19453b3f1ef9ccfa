//! Further answers of every kind of type.

use aplomb::prelude::*;

#[derive(Model)]
#[model(rename = "Model")]
struct Named {
    name: String,
}

#[get("/valid1", responses(500 = (i64)))]
async fn valid1() -> Value {
    Value::Null
}

#[get("/valid2", responses(500 = (Vec<i64>)))]
async fn valid2() -> Value {
    Value::Null
}

#[get("/valid3", responses(500 = (Named)))]
async fn valid3() -> Value {
    Value::Null
}

#[get("/valid4", responses(500 = (Vec<Named>)))]
async fn valid4() -> Value {
    Value::Null
}

pub fn app() -> App {
    App::new().routes(routes![valid1, valid2, valid3, valid4])
}
