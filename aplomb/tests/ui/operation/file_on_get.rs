use aplomb::prelude::*;

#[get("/files")]
async fn read(file: UploadFile) -> String {
    file.filename().to_owned()
}

fn main() {}
