use aplomb::prelude::*;

#[websocket]
async fn without(socket: WebSocket) {
    drop(socket);
}

#[websocket(ws)]
async fn not_a_text(socket: WebSocket) {
    drop(socket);
}

#[websocket("ws")]
async fn relative(socket: WebSocket) {
    drop(socket);
}

fn main() {}
