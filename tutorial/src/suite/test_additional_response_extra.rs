//! Routers in routers.

use aplomb::prelude::*;

#[get("/")]
async fn read_item() -> Value {
    json!({"id": "foo"})
}

pub fn app() -> App {
    let items = Router::new().prefix("/items").routes(routes![read_item]);
    App::new().include(Router::new().include(items))
}
