use aplomb::prelude::*;

#[websocket("/ws")]
fn greet(socket: WebSocket) {
    drop(socket);
}

fn main() {}
