//! A page made elsewhere, which the document knows to be one.

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

fn generate_html_response() -> Response {
    Response::html(PAGE)
}

#[get("/items/", response_class = Html)]
async fn read_items() -> Response {
    generate_html_response()
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
