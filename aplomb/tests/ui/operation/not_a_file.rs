use aplomb::prelude::*;

#[post("/files")]
async fn create(#[file] file: i64) -> i64 {
    file
}

#[post("/texts")]
async fn create_texts(#[file] files: Vec<String>) -> usize {
    files.len()
}

fn main() {}
