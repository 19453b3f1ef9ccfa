//! A cookie on a response made by hand.

use aplomb::prelude::*;

#[post("/cookie/")]
fn create_cookie() -> Response {
    Response::json(&json!({"message": "Come to the dark side, we have cookies"}))
        .set_cookie(&Cookie::new("fakesession", "fake-cookie-session-value"))
}

pub fn app() -> App {
    App::new().routes(routes![create_cookie])
}
