//! A prefix with a parameter.

use aplomb::prelude::*;

#[get("/users/{id}")]
async fn read_user(#[path] segment: String, id: String) -> Value {
    json!({"segment": segment, "id": id})
}

pub fn app() -> App {
    App::new().include(
        Router::new()
            .prefix("/{segment}")
            .routes(routes![read_user]),
    )
}
