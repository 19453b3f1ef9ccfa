//! Dependencies of a route that takes nothing from them.

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

#[get("/items/", dependencies(verify_token, verify_key))]
async fn read_items() -> Value {
    json!([{"item": "Foo"}, {"item": "Bar"}])
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
