use std::time::Instant;

use aplomb::middleware::Next;
use aplomb::prelude::*;

async fn add_process_time_header(request: Request, next: Next) -> Result<Response> {
    let start_time = Instant::now();
    let response = next.run(request).await?;
    let process_time = start_time.elapsed().as_secs_f64();
    Ok(response.header("x-process-time", process_time.to_string()))
}

pub fn app() -> App {
    App::new().middleware(add_process_time_header)
}
