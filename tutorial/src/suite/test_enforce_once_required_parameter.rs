//! One parameter that two dependencies take, and only one needs.

use aplomb::prelude::*;

#[dependency]
fn get_client_key(client_id: String) -> String {
    format!("{client_id}_key")
}

#[dependency]
fn get_client_tag(client_id: Option<String>) -> Option<String> {
    client_id.map(|client_id| format!("{client_id}_tag"))
}

#[get("/foo")]
async fn foo_handler(
    client_key: Depends<get_client_key>,
    client_tag: Depends<get_client_tag>,
) -> Value {
    json!({"client_id": *client_key, "client_tag": *client_tag})
}

pub fn app() -> App {
    App::new().routes(routes![foo_handler])
}
