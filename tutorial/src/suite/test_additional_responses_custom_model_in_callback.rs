//! A callback with a further answer.

use aplomb::model::HttpUrl;
use aplomb::prelude::*;

#[derive(Model)]
struct CustomModel {
    a: i64,
}

#[get("{$callback_url}/callback/", responses(400 = (CustomModel)))]
async fn callback_route() -> Value {
    Value::Null
}

#[post("/", callbacks(callback_route))]
async fn main_route(callback_url: HttpUrl) -> Value {
    json!(callback_url.as_str())
}

pub fn app() -> App {
    App::new().routes(routes![main_route])
}
