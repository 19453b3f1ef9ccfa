use aplomb::prelude::*;

#[websocket("/ws")]
async fn greet(socket: &WebSocket) {
    let _ = socket.accept().await;
}

fn main() {}
