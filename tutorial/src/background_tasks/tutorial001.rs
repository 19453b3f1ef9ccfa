use std::fs;

use aplomb::prelude::*;

async fn write_notification(email: String, message: &str) -> Result<()> {
    let content = format!("notification for {email}: {message}");
    Ok(fs::write("log.txt", content)?)
}

#[post("/send-notification/{email}")]
async fn send_notification(email: String, background_tasks: BackgroundTasks) -> Value {
    background_tasks.add(write_notification(email, "some notification"));
    json!({"message": "Notification sent in the background"})
}

pub fn app() -> App {
    App::new().routes(routes![send_notification])
}
