//! A route that takes the request alone.

use aplomb::prelude::*;

#[get("/items/", include_in_schema = false)]
async fn read_items(request: Request) -> Response {
    let _ = request;
    Response::json(&json!({"hello": "world"}))
}

pub fn app() -> App {
    App::new().include(Router::new().routes(routes![read_items]))
}
