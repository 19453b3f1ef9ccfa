use aplomb::prelude::*;

struct Pool;

#[websocket("/ws")]
async fn greet(socket: WebSocket, pool: Pool) {
    drop((socket, pool));
}

fn main() {}
