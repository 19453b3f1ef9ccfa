//! Further answers have the media type of the response class.

use aplomb::operation::ClassKind;
use aplomb::prelude::*;

struct JsonApiResponse;

impl ResponseClass for JsonApiResponse {
    const MEDIA_TYPE: Option<&'static str> = Some("application/vnd.api+json");
    const KIND: ClassKind = ClassKind::Json;
}

#[derive(Model)]
struct Error {
    status: String,
    title: String,
}

#[derive(Model)]
struct JsonApiError {
    errors: Vec<Error>,
}

#[get("/a", response_class = JsonApiResponse, responses(500 = (JsonApiError, "Error")))]
async fn a() -> Value {
    Value::Null
}

#[get("/b", responses(500 = (Error, "Error")))]
async fn b() -> Value {
    Value::Null
}

pub fn app() -> App {
    App::new().routes(routes![a, b])
}
