use aplomb::prelude::*;

#[derive(Model)]
struct Turn {
    x: i64,
}

#[websocket("/model")]
async fn model(socket: WebSocket, turn: Turn) {
    drop((socket, turn));
}

#[websocket("/body")]
async fn body(socket: WebSocket, #[body] text: String) {
    drop((socket, text));
}

#[websocket("/form")]
async fn form(socket: WebSocket, #[form] name: String) {
    drop((socket, name));
}

#[websocket("/file")]
async fn file(socket: WebSocket, file: UploadFile) {
    drop((socket, file));
}

fn main() {}
