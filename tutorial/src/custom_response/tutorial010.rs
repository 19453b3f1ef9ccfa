//! Pages unless something else is said.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items() -> &'static str {
    "<h1>Items</h1><p>This is a list of items.</p>"
}

pub fn app() -> App {
    App::new()
        .default_response_class::<Html>()
        .routes(routes![read_items])
}
