//! Any number of files.

use aplomb::prelude::*;

#[post("/files")]
async fn upload_files(#[file] files: Option<Vec<Vec<u8>>>) -> Value {
    match files {
        None => json!({"files_count": 0}),
        Some(files) => {
            let sizes: Vec<_> = files.iter().map(Vec::len).collect();
            json!({"files_count": files.len(), "sizes": sizes})
        }
    }
}

pub fn app() -> App {
    App::new().routes(routes![upload_files])
}
