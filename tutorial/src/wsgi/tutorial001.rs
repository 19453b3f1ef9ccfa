//! Another application below a path: any tower service, here in the place of one in Flask.

use aplomb::http::Html;
use aplomb::prelude::*;

/// What Flask would answer.
#[get("/")]
async fn flask_main(#[query(default = "World")] name: String) -> Html {
    let name = name
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&#34;")
        .replace('\'', "&#39;");
    Html(format!("Hello, {name} from Flask!"))
}

#[get("/v2")]
async fn read_main() -> Value {
    json!({"message": "Hello World"})
}

pub fn app() -> App {
    let flask_app = App::new().openapi_url(None).routes(routes![flask_main]);
    App::new()
        .routes(routes![read_main])
        .mount("/v1", flask_app.build())
}
