//! The prefix a proxy has taken off, as the server was told it.

use aplomb::prelude::*;

#[get("/app")]
async fn read_main(request: Request) -> Value {
    json!({"message": "Hello World", "root_path": request.root_path()})
}

pub fn app() -> App {
    App::new().routes(routes![read_main])
}
