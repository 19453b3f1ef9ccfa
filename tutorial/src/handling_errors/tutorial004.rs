//! Errors answered as plain text instead of JSON.

use aplomb::RequestValidationError;
use aplomb::app::Raised;
use aplomb::model::Location;
use aplomb::prelude::*;

async fn http_exception_handler(_: Request, raised: Raised<HttpException>) -> Response {
    let detail = raised.detail().as_str().unwrap_or_default().to_owned();
    Response::text(detail).status(raised.status())
}

async fn validation_exception_handler(
    _: Request,
    raised: Raised<RequestValidationError>,
) -> Response {
    let mut message = "Validation errors:".to_owned();
    for problem in raised.problems() {
        let steps = problem.location.iter().map(|step| match step {
            Location::Name(name) => format!("'{name}'"),
            Location::Index(index) => index.to_string(),
        });
        let steps = steps.collect::<Vec<_>>().join(", ");
        message += &format!("\nField: ({steps}), Error: {}", problem.message);
    }
    Response::text(message).status(400)
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
        .exception_handler(http_exception_handler)
        .exception_handler(validation_exception_handler)
        .routes(routes![read_item])
}
