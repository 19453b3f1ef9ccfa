//! A cookie.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items(#[cookie] ads_id: Option<String>) -> Value {
    json!({"ads_id": ads_id})
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
