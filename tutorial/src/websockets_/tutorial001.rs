use aplomb::prelude::*;

const PAGE: &str = include_str!("tutorial001.html");

#[get("/")]
async fn get() -> Response {
    Response::html(PAGE)
}

#[websocket("/ws")]
async fn websocket_endpoint(websocket: WebSocket) -> Result<()> {
    websocket.accept().await?;
    loop {
        let data = websocket.receive_text().await?;
        websocket
            .send_text(format!("Message text was: {data}"))
            .await?;
    }
}

pub fn app() -> App {
    App::new().routes(routes![get, websocket_endpoint])
}
