//! A route that the document does not show.

use aplomb::prelude::*;

#[get("/items/", include_in_schema = false)]
async fn read_items() -> Value {
    json!([{"item_id": "Foo"}])
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
