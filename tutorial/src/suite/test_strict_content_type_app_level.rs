//! Applications that do or do not ask for a content type.

use aplomb::json::Object;
use aplomb::prelude::*;

#[post("/items/")]
async fn post(data: Object) -> Value {
    json!(data)
}

pub fn app_default() -> App {
    App::new().routes(routes![post])
}

pub fn app_lax() -> App {
    App::new().strict_content_type(false).routes(routes![post])
}
