//! Of two routes at one path the first answers.

use aplomb::prelude::*;

#[get("/users")]
async fn read_users() -> Value {
    json!(["Rick", "Morty"])
}

#[get("/users")]
async fn read_users2() -> Value {
    json!(["Bean", "Elfo"])
}

pub fn app() -> App {
    App::new().routes(routes![read_users, read_users2])
}
