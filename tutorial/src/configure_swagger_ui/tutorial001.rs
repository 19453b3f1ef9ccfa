//! Swagger UI without colours in its examples.

use aplomb::prelude::*;

#[get("/users/{username}")]
async fn read_user(username: String) -> Value {
    json!({"message": format!("Hello {username}")})
}

pub fn app() -> App {
    App::new()
        .swagger_ui_parameters(json!({"syntaxHighlight": false}))
        .routes(routes![read_user])
}
