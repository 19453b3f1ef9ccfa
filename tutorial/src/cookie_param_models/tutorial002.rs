//! A model of cookies that refuses unknown ones.

use aplomb::prelude::*;

#[derive(Model)]
#[model(extra = "forbid")]
struct Cookies {
    session_id: String,
    fatebook_tracker: Option<String>,
    googall_tracker: Option<String>,
}

#[get("/items/")]
async fn read_items(#[cookie] cookies: Cookies) -> Value {
    json!(cookies)
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
