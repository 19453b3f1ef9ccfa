//! Swagger UI in other colours.

use aplomb::prelude::*;

#[get("/users/{username}")]
async fn read_user(username: String) -> Value {
    json!({"message": format!("Hello {username}")})
}

pub fn app() -> App {
    App::new()
        .swagger_ui_parameters(json!({"syntaxHighlight": {"theme": "obsidian"}}))
        .routes(routes![read_user])
}
