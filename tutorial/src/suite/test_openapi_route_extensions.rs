//! An extension of OpenAPI.

use aplomb::prelude::*;

#[get("/", openapi_extra = {"x-custom-extension": "value"})]
async fn route_with_extras() -> Value {
    json!({})
}

pub fn app() -> App {
    App::new().routes(routes![route_with_extras])
}
