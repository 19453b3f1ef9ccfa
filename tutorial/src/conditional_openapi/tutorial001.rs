//! The environment says where the document is; an empty `OPENAPI_URL` takes it away.

use aplomb::prelude::*;

#[get("/")]
async fn root() -> Value {
    json!({"message": "Hello World"})
}

pub fn app() -> App {
    let openapi_url = std::env::var("OPENAPI_URL");
    let openapi_url = openapi_url.unwrap_or_else(|_| "/openapi.json".to_owned());
    App::new()
        .openapi_url(openapi_url.as_str())
        .routes(routes![root])
}
