//! How large a body may be: for the application, for a router, for one route.

use std::collections::HashMap;

use aplomb::prelude::*;

#[post("/items")]
async fn create_item(item: HashMap<String, Value>) -> Value {
    json!(item)
}

#[post("/")]
fn upload(file: UploadFile) -> Value {
    json!({"filename": file.filename(), "size": file.size()})
}

#[post("/small", max_body_size = 10 << 20)]
fn small_upload(file: UploadFile) -> Value {
    json!({"filename": file.filename(), "size": file.size()})
}

pub fn app() -> App {
    let uploads = Router::new()
        .prefix("/uploads")
        .max_body_size(100 << 20)
        .routes(routes![upload, small_upload]);
    App::new()
        .max_body_size(1 << 20)
        .routes(routes![create_item])
        .include(uploads)
}
