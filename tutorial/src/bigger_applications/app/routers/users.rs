//! Users.

use aplomb::prelude::*;

#[get("/users/", tags("users"))]
async fn read_users() -> Value {
    json!([{"username": "Rick"}, {"username": "Morty"}])
}

#[get("/users/me", tags("users"))]
async fn read_user_me() -> Value {
    json!({"username": "fakecurrentuser"})
}

#[get("/users/{username}", tags("users"))]
async fn read_user(username: String) -> Value {
    json!({"username": username})
}

pub fn router() -> Router {
    Router::new().routes(routes![read_users, read_user_me, read_user])
}
