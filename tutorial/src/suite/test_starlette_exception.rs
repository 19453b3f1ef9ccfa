//! Errors with headers, and those of statuses without a body.

use aplomb::prelude::*;

#[get("/items/{item_id}")]
async fn read_item(item_id: String) -> Result<Value> {
    if item_id == "foo" {
        return Ok(json!({"item": "The Foo Wrestlers"}));
    }
    let missing = HttpException::not_found("Item not found");
    Err(missing.header("X-Error", "Some custom header").into())
}

#[get("/http-no-body-statuscode-exception")]
async fn no_body_status_code_exception() -> Result<Value> {
    Err(HttpException::status_only(204).into())
}

#[get("/http-no-body-statuscode-with-detail-exception")]
async fn no_body_status_code_with_detail_exception() -> Result<Value> {
    Err(HttpException::new(204, "I should just disappear!").into())
}

#[get("/starlette-items/{item_id}")]
async fn read_starlette_item(item_id: String) -> Result<Value> {
    if item_id == "foo" {
        return Ok(json!({"item": "The Foo Wrestlers"}));
    }
    Err(HttpException::not_found("Item not found").into())
}

pub fn app() -> App {
    App::new().routes(routes![
        read_item,
        no_body_status_code_exception,
        no_body_status_code_with_detail_exception,
        read_starlette_item
    ])
}
