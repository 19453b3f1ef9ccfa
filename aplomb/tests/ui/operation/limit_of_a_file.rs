use aplomb::prelude::*;

#[post("/files")]
async fn create(#[file(max_length = 10)] file: UploadFile) -> String {
    file.filename().to_owned()
}

#[post("/contents")]
async fn create_contents(#[file(gt = 10)] file: Vec<u8>) -> usize {
    file.len()
}

fn main() {}
