use aplomb::middleware::GzipRequest;
use aplomb::prelude::*;

#[post("/sum")]
async fn sum_numbers(#[body] numbers: Vec<i64>) -> Value {
    json!({"sum": numbers.iter().sum::<i64>()})
}

pub fn app() -> App {
    let router = Router::new()
        .middleware(GzipRequest)
        .routes(routes![sum_numbers]);
    App::new().include(router)
}
