//! Further keys for an operation in the document.

use aplomb::prelude::*;

#[get("/items/", openapi_extra = {"x-aperture-labs-portal": "blue"})]
async fn read_items() -> Value {
    json!([{"item_id": "portal-gun"}])
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
