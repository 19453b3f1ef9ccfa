//! The content of a file, and a file.

use aplomb::prelude::*;

#[post("/files/")]
async fn create_file(#[file] file: Vec<u8>) -> Value {
    json!({"file_size": file.len()})
}

#[post("/uploadfile/")]
async fn create_upload_file(file: UploadFile) -> Value {
    json!({"filename": file.filename()})
}

pub fn app() -> App {
    App::new().routes(routes![create_file, create_upload_file])
}
