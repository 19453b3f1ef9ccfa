//! Plain text.

use aplomb::prelude::*;

#[get("/", response_class = PlainText)]
async fn main() -> &'static str {
    "Hello World"
}

pub fn app() -> App {
    App::new().routes(routes![main])
}
