use aplomb::prelude::*;

#[get("/word", on_disconnect = "ignore")]
async fn wrong_word() {}

#[get("/path", on_disconnect = Cancel)]
async fn no_text() {}

#[websocket("/socket", on_disconnect = "finish")]
async fn socket(socket: WebSocket) {
    let _ = socket;
}

fn main() {}
