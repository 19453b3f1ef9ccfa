//! A dependency under a shorter name.

use aplomb::prelude::*;

#[dependency]
async fn common_parameters(
    q: Option<String>,
    #[query(default = 0)] skip: i64,
    #[query(default = 100)] limit: i64,
) -> Value {
    json!({"q": q, "skip": skip, "limit": limit})
}

type CommonsDep = Depends<common_parameters>;

#[get("/items/")]
async fn read_items(commons: CommonsDep) -> Value {
    commons.into_inner()
}

#[get("/users/")]
async fn read_users(commons: CommonsDep) -> Value {
    commons.into_inner()
}

pub fn app() -> App {
    App::new().routes(routes![read_items, read_users])
}
