//! Data that is no JSON.

use aplomb::prelude::*;

#[get("/logs/stream", response_class = EventStream)]
async fn stream_logs() -> impl Iterator<Item = ServerSentEvent> {
    [
        "2025-01-01 INFO  Application started",
        "2025-01-01 DEBUG Connected to database",
        "2025-01-01 WARN  High memory usage detected",
    ]
    .into_iter()
    .map(|line| ServerSentEvent::new().raw_data(line))
}

pub fn app() -> App {
    App::new().routes(routes![stream_logs])
}
