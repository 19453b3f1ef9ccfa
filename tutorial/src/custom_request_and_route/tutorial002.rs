use aplomb::middleware::Next;
use aplomb::prelude::*;

async fn log_validation_errors(request: Request, next: Next) -> Result<Response> {
    let kept = request.clone();
    match next.run(request).await {
        Err(error) if error.validation().is_some() => {
            let errors = error.validation().map(|invalid| invalid.errors());
            let body = kept.body().await?;
            let body = String::from_utf8_lossy(&body).into_owned();
            let detail = json!({"errors": errors, "body": body});
            Err(HttpException::new(422, detail).into())
        }
        answer => answer,
    }
}

#[post("/")]
async fn sum_numbers(#[body] numbers: Vec<i64>) -> i64 {
    numbers.iter().sum()
}

pub fn app() -> App {
    let router = Router::new()
        .middleware(log_validation_errors)
        .routes(routes![sum_numbers]);
    App::new().include(router)
}
