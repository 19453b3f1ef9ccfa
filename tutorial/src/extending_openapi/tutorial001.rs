//! A document with another title and a logo.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items() -> Value {
    json!([{"name": "Foo"}])
}

fn custom_openapi(document: &mut Value) {
    document["info"] = json!({
        "title": "Custom title",
        "summary": "This is a very custom OpenAPI schema",
        "description": "Here's a longer description of the custom **OpenAPI** schema",
        "version": "2.5.0",
        "x-logo": {"url": "https://fastapi.tiangolo.com/img/logo-margin/logo-teal.png"},
    });
}

pub fn app() -> App {
    App::new()
        .extend_openapi(custom_openapi)
        .routes(routes![read_items])
}
