//! Settings of OAuth2 in the docs.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items() -> Value {
    json!({"id": "foo"})
}

pub fn app() -> App {
    App::new()
        .swagger_ui_init_oauth(json!({"clientId": "the-foo-clients", "appName": "The Predendapp"}))
        .routes(routes![read_items])
}
