use aplomb::prelude::*;

#[post("/query")]
async fn from_query(#[query] file: UploadFile) -> String {
    file.filename().to_owned()
}

#[post("/form")]
async fn from_form(#[form] files: Option<Vec<UploadFile>>) -> usize {
    files.map_or(0, |files| files.len())
}

fn main() {}
