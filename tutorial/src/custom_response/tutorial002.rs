//! A text that is answered as a page.

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

#[get("/items/", response_class = Html)]
async fn read_items() -> &'static str {
    PAGE
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
