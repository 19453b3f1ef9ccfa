//! Headers on a response made by hand.

use aplomb::prelude::*;

#[get("/headers/")]
fn get_headers() -> Response {
    Response::json(&json!({"message": "Hello World"}))
        .header("x-cat-dog", "alone in the world")
        .header("content-language", "en-US")
}

pub fn app() -> App {
    App::new().routes(routes![get_headers])
}
