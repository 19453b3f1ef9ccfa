//! An error of one's own, and how it is answered wherever it is raised.

use std::{error, fmt};

use aplomb::app::Raised;
use aplomb::prelude::*;

#[derive(Debug)]
struct UnicornException {
    name: String,
}

impl fmt::Display for UnicornException {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} did something", self.name)
    }
}

impl error::Error for UnicornException {}

async fn unicorn_exception_handler(_: Request, raised: Raised<UnicornException>) -> Response {
    let message = format!("Oops! {}. There goes a rainbow...", *raised);
    Response::json(&json!({"message": message})).status(418)
}

#[get("/unicorns/{name}")]
async fn read_unicorn(name: String) -> Result<Value> {
    if name == "yolo" {
        return Err(UnicornException { name }.into());
    }
    Ok(json!({"unicorn_name": name}))
}

pub fn app() -> App {
    App::new()
        .exception_handler(unicorn_exception_handler)
        .routes(routes![read_unicorn])
}
