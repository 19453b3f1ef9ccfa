//! A response made by hand.

use aplomb::http::Redirect;
use aplomb::prelude::*;

#[get("/portal")]
async fn get_portal(#[query(default)] teleport: bool) -> Response {
    if teleport {
        return Redirect::to("https://www.youtube.com/watch?v=dQw4w9WgXcQ").into();
    }
    Response::json(&json!({"message": "Here's your interdimensional portal."}))
}

pub fn app() -> App {
    App::new().routes(routes![get_portal])
}
