//! Dependencies of a whole service.

use aplomb::prelude::*;

#[dependency]
async fn verify_token(#[header] x_token: String) -> Result<()> {
    if x_token != "fake-super-secret-token" {
        return Err(HttpException::bad_request("X-Token header invalid").into());
    }
    Ok(())
}

#[dependency]
async fn verify_key(#[header] x_key: String) -> Result<String> {
    if x_key != "fake-super-secret-key" {
        return Err(HttpException::bad_request("X-Key header invalid").into());
    }
    Ok(x_key)
}

#[get("/items/")]
async fn read_items() -> Value {
    json!([{"item": "Portal Gun"}, {"item": "Plumbus"}])
}

#[get("/users/")]
async fn read_users() -> Value {
    json!([{"username": "Rick"}, {"username": "Morty"}])
}

pub fn app() -> App {
    App::new()
        .depends::<verify_token>()
        .depends::<verify_key>()
        .routes(routes![read_items, read_users])
}
