use std::sync::{Mutex, PoisonError};

use aplomb::prelude::*;

const PAGE: &str = include_str!("tutorial003.html");

/// Everybody in the chat.
#[derive(Default)]
struct ConnectionManager(Mutex<Vec<WebSocket>>);

impl ConnectionManager {
    fn change(&self, change: impl FnOnce(&mut Vec<WebSocket>)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    async fn connect(&self, websocket: &WebSocket) -> Result<()> {
        websocket.accept().await?;
        self.change(|active| active.push(websocket.clone()));
        Ok(())
    }

    fn disconnect(&self, websocket: &WebSocket) {
        self.change(|active| active.retain(|other| other != websocket));
    }

    async fn broadcast(&self, message: &str) {
        let mut active = Vec::new();
        self.change(|all| active.clone_from(all));
        for connection in active {
            // Who has just left is told nothing.
            let _ = connection.send_text(message).await;
        }
    }
}

#[get("/")]
async fn get() -> Response {
    Response::html(PAGE)
}

#[websocket("/ws/{client_id}")]
async fn websocket_endpoint(
    websocket: WebSocket,
    client_id: i64,
    manager: State<ConnectionManager>,
) -> Result<()> {
    manager.connect(&websocket).await?;
    while let Ok(data) = websocket.receive_text().await {
        websocket.send_text(format!("You wrote: {data}")).await?;
        manager
            .broadcast(&format!("Client #{client_id} says: {data}"))
            .await;
    }
    manager.disconnect(&websocket);
    manager
        .broadcast(&format!("Client #{client_id} left the chat"))
        .await;
    Ok(())
}

pub fn app() -> App {
    App::new()
        .state(ConnectionManager::default())
        .routes(routes![get, websocket_endpoint])
}
