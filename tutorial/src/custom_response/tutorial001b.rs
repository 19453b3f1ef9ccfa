//! JSON that the handler makes a response of.

use aplomb::prelude::*;

#[get("/items/", response_class = JsonResponse)]
async fn read_items() -> Response {
    Response::json(&json!([{"item_id": "Foo"}]))
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
