use aplomb::prelude::*;

#[get("/chat")]
#[websocket("/chat")]
async fn page(socket: WebSocket) {
    drop(socket);
}

#[websocket("/chat")]
#[get("/chat")]
async fn chat(socket: WebSocket) {
    drop(socket);
}

fn main() {}
