//! A redirect, and nothing else.

use aplomb::http::Redirect;
use aplomb::prelude::*;

#[get("/teleport")]
async fn get_teleport() -> Redirect {
    Redirect::to("https://www.youtube.com/watch?v=dQw4w9WgXcQ")
}

pub fn app() -> App {
    App::new().routes(routes![get_teleport])
}
