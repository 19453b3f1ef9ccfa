//! Docs without a page that OAuth2 redirects to.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items() -> Value {
    json!({"id": "foo"})
}

pub fn app() -> App {
    App::new()
        .swagger_ui_oauth2_redirect_url(None)
        .routes(routes![read_items])
}
