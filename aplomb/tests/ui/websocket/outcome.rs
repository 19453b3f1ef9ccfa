use aplomb::prelude::*;

#[websocket("/text")]
async fn text(socket: WebSocket) -> String {
    drop(socket);
    String::new()
}

#[websocket("/response")]
async fn response(socket: WebSocket) -> Result<Response> {
    drop(socket);
    Ok(Response::text("hello"))
}

#[websocket("/stream")]
async fn stream(socket: WebSocket) -> impl Iterator<Item = u8> {
    drop(socket);
    [1].into_iter()
}

fn main() {}
