//! Handlers of every kind of error.

use aplomb::RequestValidationError;
use aplomb::app::Raised;
use aplomb::prelude::*;

#[dependency]
async fn dependency_with_yield(give: Yield<()>) -> Result<()> {
    let _ = give;
    Err(std::io::Error::other("no value").into())
}

#[get("/dependency-with-yield", dependencies(dependency_with_yield))]
async fn with_yield() -> Value {
    Value::Null
}

#[get("/http-exception")]
async fn route_with_http_exception() -> Result<Value> {
    Err(HttpException::status_only(400).into())
}

#[get("/request-validation/{param}/")]
async fn route_with_request_validation_exception(param: i64) -> Value {
    json!(param)
}

#[get("/server-error")]
async fn route_with_server_error() -> Result<Value> {
    Err(std::io::Error::other("Oops!").into())
}

pub fn app() -> App {
    App::new()
        .exception_handler(async |_: Request, _: Raised<HttpException>| {
            Response::json(&json!({"exception": "http-exception"}))
        })
        .exception_handler(async |_: Request, _: Raised<RequestValidationError>| {
            Response::json(&json!({"exception": "request-validation"}))
        })
        .status_handler(500, async |_, _| {
            Response::json(&json!({"exception": "server-error"})).status(500)
        })
        .routes(routes![
            with_yield,
            route_with_http_exception,
            route_with_request_validation_exception,
            route_with_server_error
        ])
}
