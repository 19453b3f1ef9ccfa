use aplomb::prelude::*;
use aplomb::websocket::{POLICY_VIOLATION, WebSocketException};

const PAGE: &str = include_str!("tutorial002.html");

#[get("/")]
async fn get() -> Response {
    Response::html(PAGE)
}

#[dependency]
async fn get_cookie_or_token(
    #[cookie] session: Option<String>,
    token: Option<String>,
) -> Result<String> {
    let known = session.filter(|session| !session.is_empty()).or(token);
    known.ok_or_else(|| WebSocketException::new(POLICY_VIOLATION, "").into())
}

#[websocket("/items/{item_id}/ws")]
async fn websocket_endpoint(
    websocket: WebSocket,
    item_id: String,
    q: Option<i64>,
    cookie_or_token: Depends<get_cookie_or_token>,
) -> Result<()> {
    websocket.accept().await?;
    loop {
        let data = websocket.receive_text().await?;
        websocket
            .send_text(format!(
                "Session cookie or query token value is: {}",
                *cookie_or_token
            ))
            .await?;
        if let Some(q) = q {
            websocket
                .send_text(format!("Query parameter q is: {q}"))
                .await?;
        }
        websocket
            .send_text(format!("Message text was: {data}, for item ID: {item_id}"))
            .await?;
    }
}

pub fn app() -> App {
    App::new().routes(routes![get, websocket_endpoint])
}
