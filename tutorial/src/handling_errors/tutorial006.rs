//! Handlers that take note of an error and leave the answer as it would be.

use aplomb::RequestValidationError;
use aplomb::app::{self, Raised};
use aplomb::prelude::*;

async fn custom_http_exception_handler(_: Request, raised: Raised<HttpException>) -> Response {
    eprintln!("OMG! An HTTP error!: {}", *raised);
    app::http_exception(&raised)
}

async fn validation_exception_handler(
    _: Request,
    raised: Raised<RequestValidationError>,
) -> Response {
    eprintln!("OMG! The client sent invalid data!: {}", *raised);
    app::request_validation_exception(&raised)
}

#[get("/items/{item_id}")]
async fn read_item(item_id: i64) -> Result<Value> {
    if item_id == 3 {
        return Err(HttpException::new(418, "Nope! I don't like 3.").into());
    }
    Ok(json!({"item_id": item_id}))
}

pub fn app() -> App {
    App::new()
        .exception_handler(custom_http_exception_handler)
        .exception_handler(validation_exception_handler)
        .routes(routes![read_item])
}
