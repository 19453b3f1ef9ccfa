//! An application below another, with a document and pages of its own.

use aplomb::prelude::*;

#[get("/app")]
async fn read_main() -> Value {
    json!({"message": "Hello World from main app"})
}

#[get("/sub")]
async fn read_sub() -> Value {
    json!({"message": "Hello World from sub API"})
}

pub fn app() -> App {
    let subapi = App::new().routes(routes![read_sub]);
    App::new()
        .routes(routes![read_main])
        .mount("/subapi", subapi.build())
}
