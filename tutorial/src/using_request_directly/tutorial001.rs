use aplomb::prelude::*;

#[get("/items/{item_id}")]
async fn read_root(item_id: String, request: Request) -> Value {
    let client_host = request.client().map(|client| client.host);
    json!({"client_host": client_host, "item_id": item_id})
}

pub fn app() -> App {
    App::new().routes(routes![read_root])
}
