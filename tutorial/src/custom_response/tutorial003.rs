//! A page, of which the document knows nothing.

use aplomb::prelude::*;

const PAGE: &str = "
    <html>
        <head>
            <title>Some HTML in here</title>
        </head>
        <body>
            <h1>Look ma! HTML!</h1>
        </body>
    </html>
    ";

#[get("/items/")]
async fn read_items() -> Response {
    Response::html(PAGE)
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
