//! An answer other than success, with a header.

use aplomb::prelude::*;

#[get("/items-header/{item_id}")]
async fn read_item_header(item_id: String) -> Result<Value> {
    if item_id != "foo" {
        let missing = HttpException::not_found("Item not found");
        return Err(missing.header("X-Error", "There goes my error").into());
    }
    Ok(json!({"item": "The Foo Wrestlers"}))
}

pub fn app() -> App {
    App::new().routes(routes![read_item_header])
}
