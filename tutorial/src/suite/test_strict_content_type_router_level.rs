//! Routers that do or do not ask for a content type.

use aplomb::json::Object;
use aplomb::prelude::*;

#[post("/items/")]
async fn post(data: Object) -> Value {
    json!(data)
}

pub fn app() -> App {
    App::new()
        .include(
            Router::new()
                .prefix("/lax")
                .strict_content_type(false)
                .routes(routes![post]),
        )
        .include(
            Router::new()
                .prefix("/strict")
                .strict_content_type(true)
                .routes(routes![post]),
        )
        .include(Router::new().prefix("/default").routes(routes![post]))
}
