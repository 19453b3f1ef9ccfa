use aplomb::prelude::*;

#[websocket("/ws", tags("chat"), status = 101, response_model = String, methods = ["GET"])]
async fn greet(socket: WebSocket) {
    drop(socket);
}

#[websocket("message", webhook)]
async fn message(socket: WebSocket) {
    drop(socket);
}

fn main() {}
