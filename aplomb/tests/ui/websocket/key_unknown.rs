use aplomb::prelude::*;

#[websocket("/ws", subprotocols("chat"), depends(log_in), nmae = "chat", origins("*"))]
async fn greet(socket: WebSocket) {
    drop(socket);
}

fn main() {}
