use std::fs::OpenOptions;
use std::io::Write as _;

use aplomb::prelude::*;

async fn write_log(message: String) -> Result<()> {
    let mut log = OpenOptions::new()
        .create(true)
        .append(true)
        .open("log.txt")?;
    Ok(log.write_all(message.as_bytes())?)
}

#[dependency]
async fn get_query(background_tasks: BackgroundTasks, q: Option<String>) -> Option<String> {
    if let Some(q) = q.as_deref().filter(|q| !q.is_empty()) {
        let message = format!("found query: {q}\n");
        background_tasks.add(write_log(message));
    }
    q
}

#[post("/send-notification/{email}")]
async fn send_notification(
    email: String,
    background_tasks: BackgroundTasks,
    _q: Depends<get_query>,
) -> Value {
    let message = format!("message to {email}\n");
    background_tasks.add(write_log(message));
    json!({"message": "Message sent"})
}

pub fn app() -> App {
    App::new().routes(routes![send_notification])
}
