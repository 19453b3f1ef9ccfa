//! Routers within routers that do or do not ask for a content type.

use aplomb::json::Object;
use aplomb::prelude::*;

#[post("/items/")]
async fn post(data: Object) -> Value {
    json!(data)
}

pub fn app_nested() -> App {
    let strict = Router::new()
        .prefix("/strict")
        .strict_content_type(true)
        .routes(routes![post]);
    let default = Router::new().prefix("/default").routes(routes![post]);
    App::new().strict_content_type(false).include(
        Router::new()
            .prefix("/outer")
            .include(strict)
            .include(default),
    )
}

pub fn app_mixed() -> App {
    let inner = Router::new()
        .prefix("/inner")
        .strict_content_type(true)
        .routes(routes![post]);
    let outer = Router::new()
        .prefix("/outer")
        .strict_content_type(false)
        .routes(routes![post])
        .include(inner);
    App::new().strict_content_type(true).include(outer)
}
