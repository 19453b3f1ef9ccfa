//! A model of one's own for requests that are refused.

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

#[get(
    "/a/{id}",
    response_class = JsonApiResponse,
    responses(422 = (JsonApiError, "Error")),
)]
async fn a(id: Value) -> Value {
    id
}

pub fn app() -> App {
    App::new().routes(routes![a])
}
