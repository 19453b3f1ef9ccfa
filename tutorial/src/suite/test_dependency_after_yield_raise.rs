//! Errors that dependencies catch, and those they raise once the answer is made.

use aplomb::prelude::*;

#[derive(Debug)]
struct CustomError;

impl std::fmt::Display for CustomError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Simulated error during streaming")
    }
}

impl std::error::Error for CustomError {}

#[dependency]
async fn catching_dep(give: Yield<&'static str>) -> Result<()> {
    match give.lend("s").await.1 {
        Outcome::Failed(error) if error.downcast_ref::<CustomError>().is_some() => {
            Err(HttpException::new(418, "Session error").into())
        }
        _ => Ok(()),
    }
}

#[dependency]
async fn broken_dep(give: Yield<&'static str>) -> Result<()> {
    give.lend("s").await;
    Err(std::io::Error::other("Broken after yield").into())
}

#[get("/catching")]
async fn catching(d: Depends<catching_dep>) -> Result<Value> {
    let _ = d;
    Err(CustomError.into())
}

#[get("/broken")]
async fn broken(d: Depends<broken_dep>) -> Value {
    let _ = d;
    json!({"message": "all good?"})
}

pub fn app() -> App {
    App::new().routes(routes![catching, broken])
}
