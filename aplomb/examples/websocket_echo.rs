//! Sends back every message: what `conformance/websockets` puts to the test.

use aplomb::prelude::*;

#[websocket("/")]
async fn echo(socket: WebSocket) -> Result<()> {
    socket.accept().await?;
    loop {
        let message = socket.receive_message().await?;
        socket.send_message(message).await?;
    }
}

#[aplomb::main]
async fn main() -> Result<()> {
    App::new().routes(routes![echo]).serve().await
}
