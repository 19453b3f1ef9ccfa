//! Operation ids that make good names of functions in generated clients.

use aplomb::prelude::*;

fn custom_generate_unique_id(route: &Route) -> String {
    format!("{}-{}", route.tags()[0], route.name())
}

#[derive(Model)]
struct Item {
    name: String,
    price: f64,
}

#[derive(Model)]
struct ResponseMessage {
    message: String,
}

#[derive(Model)]
struct User {
    username: String,
    email: String,
}

fn received(what: &str) -> ResponseMessage {
    ResponseMessage {
        message: format!("{what} received"),
    }
}

#[post("/items/", tags("items"))]
async fn create_item(item: Item) -> ResponseMessage {
    let _ = item;
    received("Item")
}

#[get("/items/", tags("items"))]
async fn get_items() -> Vec<Item> {
    let item = |name: &str, price| Item {
        name: name.to_owned(),
        price,
    };
    vec![item("Plumbus", 3.0), item("Portal Gun", 9001.0)]
}

#[post("/users/", tags("users"))]
async fn create_user(user: User) -> ResponseMessage {
    let _ = user;
    received("User")
}

pub fn app() -> App {
    App::new()
        .generate_unique_id(custom_generate_unique_id)
        .routes(routes![create_item, get_items, create_user])
}
