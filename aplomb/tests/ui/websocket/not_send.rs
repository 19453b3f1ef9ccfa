use aplomb::prelude::*;

use std::rc::Rc;

#[websocket("/ws")]
async fn greet(socket: WebSocket) -> Result<()> {
    let greeting = Rc::new("hello".to_owned());
    socket.accept().await?;
    socket.send_text(&**greeting).await?;
    Ok(())
}

fn main() {}
