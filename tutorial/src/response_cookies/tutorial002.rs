//! A cookie beside a result.

use aplomb::prelude::*;

#[post("/cookie-and-object/")]
fn create_cookie(response: ResponseParts) -> Value {
    response.set_cookie(&Cookie::new("fakesession", "fake-cookie-session-value"));
    json!({"message": "Come to the dark side, we have cookies"})
}

pub fn app() -> App {
    App::new().routes(routes![create_cookie])
}
