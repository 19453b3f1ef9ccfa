//! Parameters that several routes share, taken by a function.

use aplomb::prelude::*;

#[dependency]
async fn common_parameters(
    q: Option<String>,
    #[query(default = 0)] skip: i64,
    #[query(default = 100)] limit: i64,
) -> Value {
    json!({"q": q, "skip": skip, "limit": limit})
}

#[get("/items/")]
async fn read_items(commons: Depends<common_parameters>) -> Value {
    commons.into_inner()
}

#[get("/users/")]
async fn read_users(commons: Depends<common_parameters>) -> Value {
    commons.into_inner()
}

pub fn app() -> App {
    App::new().routes(routes![read_items, read_users])
}
