//! Routes listed under tags.

use aplomb::prelude::*;
use indexmap::IndexSet;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
    #[field(default)]
    tags: IndexSet<String>,
}

#[post("/items/", tags("items"))]
async fn create_item(item: Item) -> Item {
    item
}

#[get("/items/", tags("items"))]
async fn read_items() -> Value {
    json!([{"name": "Foo", "price": 42}])
}

#[get("/users/", tags("users"))]
async fn read_users() -> Value {
    json!([{"username": "johndoe"}])
}

pub fn app() -> App {
    App::new().routes(routes![create_item, read_items, read_users])
}
