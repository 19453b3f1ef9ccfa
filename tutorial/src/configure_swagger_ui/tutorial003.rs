//! Swagger UI whose tags and operations have no links of their own.

use aplomb::prelude::*;

#[get("/users/{username}")]
async fn read_user(username: String) -> Value {
    json!({"message": format!("Hello {username}")})
}

pub fn app() -> App {
    App::new()
        .swagger_ui_parameters(json!({"deepLinking": false}))
        .routes(routes![read_user])
}
