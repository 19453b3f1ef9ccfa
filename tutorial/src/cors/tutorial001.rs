use aplomb::middleware::Cors;
use aplomb::prelude::*;

#[get("/")]
async fn main() -> Value {
    json!({"message": "Hello World"})
}

pub fn app() -> App {
    let origins = [
        "http://localhost.tiangolo.com",
        "https://localhost.tiangolo.com",
        "http://localhost",
        "http://localhost:8080",
    ];
    App::new().routes(routes![main]).middleware(
        Cors::new()
            .allow_origins(origins)
            .allow_credentials()
            .allow_methods(["*"])
            .allow_headers(["*"]),
    )
}
