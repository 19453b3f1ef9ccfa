use aplomb::prelude::*;

#[get("/")]
async fn read_main() -> Value {
    json!({"msg": "Hello World"})
}

#[websocket("/ws", name = "websocket")]
async fn websocket_endpoint(websocket: WebSocket) -> Result<()> {
    websocket.accept().await?;
    websocket
        .send_json(&json!({"msg": "Hello WebSocket"}))
        .await?;
    websocket.close_normally().await?;
    Ok(())
}

pub fn app() -> App {
    App::new().routes(routes![read_main, websocket_endpoint])
}
