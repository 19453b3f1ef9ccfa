//! Several files with a description.

use aplomb::http::Html;
use aplomb::prelude::*;

#[post("/files/")]
async fn create_files(
    #[file(description = "Multiple files as bytes")] files: Vec<Vec<u8>>,
) -> Value {
    let sizes: Vec<usize> = files.iter().map(Vec::len).collect();
    json!({"file_sizes": sizes})
}

#[post("/uploadfiles/")]
async fn create_upload_files(
    #[file(description = "Multiple files as UploadFile")] files: Vec<UploadFile>,
) -> Value {
    let names: Vec<&str> = files.iter().map(UploadFile::filename).collect();
    json!({"filenames": names})
}

#[get("/", name = "main", response_model = None)]
async fn choose() -> Html<&'static str> {
    super::page::page()
}

pub fn app() -> App {
    App::new().routes(routes![create_files, create_upload_files, choose])
}
