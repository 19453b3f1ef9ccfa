//! A redirect to the result.

use aplomb::prelude::*;

#[get("/fastapi", response_class = Redirect)]
async fn redirect_fastapi() -> &'static str {
    "https://fastapi.tiangolo.com"
}

pub fn app() -> App {
    App::new().routes(routes![redirect_fastapi])
}
