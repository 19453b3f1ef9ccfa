//! A path parameter that a dependency takes too.

use aplomb::prelude::*;

#[dependency]
async fn user_exists(#[path] user_id: i64) -> bool {
    user_id > 0
}

#[get("/users/{user_id}", dependencies(user_exists))]
async fn read_users(user_id: i64) -> Value {
    let _ = user_id;
    Value::Null
}

pub fn app() -> App {
    App::new().routes(routes![read_users])
}
