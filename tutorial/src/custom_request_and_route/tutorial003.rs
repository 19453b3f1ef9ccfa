use std::time::Instant;

use aplomb::middleware::Next;
use aplomb::prelude::*;

async fn time_route(request: Request, next: Next) -> Result<Response> {
    let before = Instant::now();
    let response = next.run(request).await?;
    let duration = before.elapsed().as_secs_f64();
    let response = response.header("x-response-time", duration.to_string());
    println!("route duration: {duration}");
    println!("route response: {response:?}");
    println!("route response headers: {:?}", response.headers());
    Ok(response)
}

#[get("/")]
async fn not_timed() -> Value {
    json!({"message": "Not timed"})
}

#[get("/timed")]
async fn timed() -> Value {
    json!({"message": "It's the time of my life"})
}

pub fn app() -> App {
    let router = Router::new().middleware(time_route).routes(routes![timed]);
    App::new().routes(routes![not_timed]).include(router)
}
