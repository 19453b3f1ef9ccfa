//! A redirect with another status.

use aplomb::prelude::*;

#[get("/pydantic", response_class = Redirect, status = 302)]
async fn redirect_pydantic() -> &'static str {
    "https://docs.pydantic.dev/"
}

pub fn app() -> App {
    App::new().routes(routes![redirect_pydantic])
}
