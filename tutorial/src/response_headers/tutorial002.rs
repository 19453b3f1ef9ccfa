//! A header beside a result.

use aplomb::prelude::*;

#[get("/headers-and-object/")]
fn get_headers(response: ResponseParts) -> Value {
    response.header("x-cat-dog", "alone in the world");
    json!({"message": "Hello World"})
}

pub fn app() -> App {
    App::new().routes(routes![get_headers])
}
