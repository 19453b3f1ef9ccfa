//! Operation ids made from the names of the functions alone.

use aplomb::prelude::*;

fn custom_generate_unique_id(route: &Route) -> String {
    route.name().to_owned()
}

#[get("/items/")]
async fn read_items() -> Value {
    json!([{"item_id": "Foo"}])
}

pub fn app() -> App {
    App::new()
        .generate_unique_id(custom_generate_unique_id)
        .routes(routes![read_items])
}
