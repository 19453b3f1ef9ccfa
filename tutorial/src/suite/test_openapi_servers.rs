//! Servers in the document.

use aplomb::prelude::*;

#[get("/foo")]
async fn foo() -> Value {
    json!({"message": "Hello World"})
}

pub fn app() -> App {
    App::new()
        .servers([
            json!({"url": "/", "description": "Default, relative server"}),
            json!({
                "url": "http://staging.localhost.tiangolo.com:8000",
                "description": "Staging but actually localhost still",
            }),
            json!({"url": "https://prod.example.com"}),
        ])
        .routes(routes![foo])
}
