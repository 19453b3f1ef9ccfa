use aplomb::prelude::*;

#[get("/unit", deadline = "60")]
async fn no_unit() {}

#[get("/word", deadline = "soon")]
async fn no_number() {}

#[get("/number", deadline = 60)]
async fn no_text() {}

#[get("/zero", deadline = "0s")]
async fn no_time() {}

#[get("/year", deadline = "9000h")]
async fn too_long() {}

#[get("/points", deadline = "1.2.3s")]
async fn two_points() {}

#[get("/flag", deadline)]
async fn flag() {}

#[get("/timeout", timeout = "1s")]
async fn called_timeout() {}

#[websocket("/socket", deadline = "forever")]
async fn socket(socket: WebSocket) {
    let _ = socket;
}

fn main() {}
