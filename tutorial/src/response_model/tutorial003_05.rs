//! A redirect or JSON, of which the document says nothing.

use aplomb::http::Redirect;
use aplomb::prelude::*;

#[get("/portal")]
async fn get_portal(#[query(default)] teleport: bool) -> Response {
    if teleport {
        Redirect::to("https://www.youtube.com/watch?v=dQw4w9WgXcQ").into()
    } else {
        Response::json(&json!({"message": "Here's your interdimensional portal."}))
    }
}

pub fn app() -> App {
    App::new().routes(routes![get_portal])
}
