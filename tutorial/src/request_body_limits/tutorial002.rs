//! How much a form may hold: for the application, for one route.

use aplomb::prelude::*;

#[post("/notes")]
async fn create_note(#[form] text: String) -> Value {
    json!({"size": text.len()})
}

#[post("/documents", form_limits(max_part_size = 2 << 20))]
async fn create_document(#[form] text: String) -> Value {
    json!({"size": text.len()})
}

pub fn app() -> App {
    App::new()
        .form_limits(FormLimits::new().max_fields(5))
        .routes(routes![create_note, create_document])
}
