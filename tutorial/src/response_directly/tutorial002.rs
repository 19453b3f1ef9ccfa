//! Content of another media type.

use aplomb::prelude::*;

const DATA: &str = r#"<?xml version="1.0"?>
    <shampoo>
    <Header>
        Apply shampoo here.
    </Header>
    <Body>
        You'll have to use soap here.
    </Body>
    </shampoo>
    "#;

#[get("/legacy/")]
fn get_legacy_data() -> Response {
    Response::new(DATA).content_type("application/xml")
}

pub fn app() -> App {
    App::new().routes(routes![get_legacy_data])
}
