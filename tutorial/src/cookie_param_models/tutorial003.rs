//! A model of cookies that may be absent as a whole.

use aplomb::prelude::*;

#[derive(Model)]
struct Preferences {
    theme: String,
    locale: String,
}

#[get("/items/")]
async fn read_items(#[cookie] preferences: Option<Preferences>) -> Value {
    json!(preferences)
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
