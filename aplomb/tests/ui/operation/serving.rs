use aplomb::prelude::*;

#[get("/word", on_disconnect = "ignore")]
async fn wrong_word() {}

#[get("/path", on_disconnect = Cancel)]
async fn no_text() {}

#[websocket("/socket", on_disconnect = "finish")]
async fn socket(socket: WebSocket) {
    let _ = socket;
}

#[get("/nobody", max_in_flight = 0)]
async fn nobody() {}

#[get("/weight", weight = "3")]
async fn weight_as_text() {}

fn main() {}
