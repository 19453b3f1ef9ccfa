//! A response class of one's own: JSON with indentation.

use aplomb::operation::{ClassKind, Content};
use aplomb::prelude::*;

struct IndentedJson;

impl ResponseClass for IndentedJson {
    const MEDIA_TYPE: Option<&'static str> = Some("application/json");
    const KIND: ClassKind = ClassKind::Json;

    fn respond(content: &Content<'_>) -> Result<Response> {
        Ok(Response::json_text(format!("{:#}", content.value())))
    }
}

#[get("/", response_class = IndentedJson)]
async fn main() -> Value {
    json!({"message": "Hello World"})
}

pub fn app() -> App {
    App::new().routes(routes![main])
}
