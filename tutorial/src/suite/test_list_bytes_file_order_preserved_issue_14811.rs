//! Files in the order they were sent.

use aplomb::prelude::*;

#[post("/upload")]
async fn upload(#[file] files: Vec<Vec<u8>>) -> Value {
    let first: Vec<_> = files.iter().filter_map(|file| file.first()).collect();
    json!(first)
}

pub fn test_list_bytes_file_preserves_order() -> App {
    App::new().routes(routes![upload])
}
