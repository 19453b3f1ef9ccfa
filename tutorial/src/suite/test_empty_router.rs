//! An empty path below a prefix.

use aplomb::prelude::*;

#[get("")]
async fn get_empty() -> Value {
    json!(["OK"])
}

pub fn app() -> App {
    App::new().include(Router::new().prefix("/prefix").routes(routes![get_empty]))
}
