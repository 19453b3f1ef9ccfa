//! Servers for the document, without the prefix.

use aplomb::prelude::*;

#[get("/app")]
async fn read_main(request: Request) -> Value {
    json!({"message": "Hello World", "root_path": request.root_path()})
}

pub fn app() -> App {
    App::new()
        .servers([
            json!({"url": "https://stag.example.com", "description": "Staging environment"}),
            json!({"url": "https://prod.example.com", "description": "Production environment"}),
        ])
        .root_path_in_servers(false)
        .routes(routes![read_main])
}
