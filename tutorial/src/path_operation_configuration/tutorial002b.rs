//! Tags spelt in one place.

use aplomb::prelude::*;

const ITEMS: &str = "items";
const USERS: &str = "users";

#[get("/items/", tags(ITEMS))]
async fn get_items() -> Value {
    json!(["Portal gun", "Plumbus"])
}

#[get("/users/", tags(USERS))]
async fn read_users() -> Value {
    json!(["Rick", "Morty"])
}

pub fn app() -> App {
    App::new().routes(routes![get_items, read_users])
}
