//! A body that is one model or another, told by a member.

use aplomb::prelude::*;

#[derive(Model)]
#[model(constant(value = "first"))]
struct FirstItem {
    price: i64,
}

#[derive(Model)]
#[model(constant(value = "other"))]
struct OtherItem {
    price: f64,
}

#[derive(Model)]
#[model(tag = "value")]
enum Item {
    #[model(value = "first")]
    First(FirstItem),
    #[model(value = "other")]
    Other(OtherItem),
}

#[post("/items/", response_model = aplomb::json::Object)]
async fn save_union_body_discriminator(
    item: Item,
    /// Query string
    q: String,
) -> Value {
    let _ = q;
    json!({"item": item})
}

pub fn test_discriminator_pydantic_v2() -> App {
    App::new().routes(routes![save_union_body_discriminator])
}
