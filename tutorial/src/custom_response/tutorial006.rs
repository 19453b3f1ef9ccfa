//! A redirect, of which the document knows nothing.

use aplomb::prelude::*;

#[get("/typer")]
async fn redirect_typer() -> Response {
    Redirect::to("https://typer.tiangolo.com").into()
}

pub fn app() -> App {
    App::new().routes(routes![redirect_typer])
}
