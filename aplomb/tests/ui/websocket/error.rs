use aplomb::prelude::*;

#[websocket("/text")]
async fn text(socket: WebSocket) -> Result<(), String> {
    drop(socket);
    Err("no error is a text".to_owned())
}

fn main() {}
