//! JSON by a class that is named.

use aplomb::prelude::*;

#[get("/items/", response_class = JsonResponse)]
async fn read_items() -> Value {
    json!([{"item_id": "Foo"}])
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
