//! An answer other than success.

use aplomb::prelude::*;

#[get("/items/{item_id}")]
async fn read_item(item_id: String) -> Result<Value> {
    if item_id != "foo" {
        return Err(HttpException::not_found("Item not found").into());
    }
    Ok(json!({"item": "The Foo Wrestlers"}))
}

pub fn app() -> App {
    App::new().routes(routes![read_item])
}
