//! A refusal that repeats the body it refuses.

use aplomb::RequestValidationError;
use aplomb::app::Raised;
use aplomb::prelude::*;

async fn validation_exception_handler(
    _: Request,
    raised: Raised<RequestValidationError>,
) -> Response {
    let answer = json!({"detail": raised.errors(), "body": raised.body()});
    Response::json(&answer).status(422)
}

#[derive(Model)]
struct Item {
    title: String,
    size: i64,
}

#[post("/items/")]
async fn create_item(item: Item) -> Value {
    json!(item)
}

pub fn app() -> App {
    App::new()
        .exception_handler(validation_exception_handler)
        .routes(routes![create_item])
}
