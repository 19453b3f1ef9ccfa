//! A redirect as a response like any other: the document does not say that it is one.

use aplomb::http::Redirect;
use aplomb::prelude::*;

#[get("/teleport")]
async fn get_teleport() -> Response {
    Redirect::to("https://www.youtube.com/watch?v=dQw4w9WgXcQ").into()
}

pub fn app() -> App {
    App::new().routes(routes![get_teleport])
}
