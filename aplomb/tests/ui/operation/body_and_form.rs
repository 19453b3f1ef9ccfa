use aplomb::prelude::*;

#[post("/items")]
async fn create(#[form] name: String, #[body] price: f64) -> String {
    format!("{name}{price}")
}

fn main() {}
