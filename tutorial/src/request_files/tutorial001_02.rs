//! Files that may be absent.

use aplomb::prelude::*;

#[post("/files/")]
async fn create_file(#[file] file: Option<Vec<u8>>) -> Value {
    match file.filter(|file| !file.is_empty()) {
        Some(file) => json!({"file_size": file.len()}),
        None => json!({"message": "No file sent"}),
    }
}

#[post("/uploadfile/")]
async fn create_upload_file(file: Option<UploadFile>) -> Value {
    match file {
        Some(file) => json!({"filename": file.filename()}),
        None => json!({"message": "No upload file sent"}),
    }
}

pub fn app() -> App {
    App::new().routes(routes![create_file, create_upload_file])
}
