//! A dependency that sets the status.

use aplomb::prelude::*;

#[dependency]
async fn response_status_setter(response: ResponseParts) {
    response.status(201);
}

#[dependency]
async fn parent_dep(result: Depends<response_status_setter>) {
    let _ = result;
}

#[get("/", dependencies(parent_dep))]
async fn get_main() -> Value {
    json!({"msg": "Hello World"})
}

pub fn app() -> App {
    App::new().routes(routes![get_main])
}
