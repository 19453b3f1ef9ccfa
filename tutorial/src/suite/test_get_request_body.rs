//! A body of a GET.

use aplomb::prelude::*;

#[derive(Model)]
struct Product {
    name: String,
    #[field(default_with = String::new)]
    description: String,
    price: f64,
}

#[get("/product")]
async fn create_item(#[body] product: Product) -> Value {
    json!(product)
}

pub fn app() -> App {
    App::new().routes(routes![create_item])
}
