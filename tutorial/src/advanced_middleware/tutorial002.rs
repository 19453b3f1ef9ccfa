use aplomb::middleware::TrustedHost;
use aplomb::prelude::*;

#[get("/")]
async fn main() -> Value {
    json!({"message": "Hello World"})
}

pub fn app() -> App {
    App::new()
        .routes(routes![main])
        .middleware(TrustedHost::new(["example.com", "*.example.com"]))
}
