//! A file.

use aplomb::prelude::*;

const SOME_FILE_PATH: &str = "large-video-file.mp4";

#[get("/", response_model = None)]
async fn main() -> FileResponse {
    FileResponse::new(SOME_FILE_PATH)
}

pub fn app() -> App {
    App::new().routes(routes![main])
}
