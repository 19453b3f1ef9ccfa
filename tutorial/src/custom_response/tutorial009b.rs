//! The path of a file.

use aplomb::prelude::*;

const SOME_FILE_PATH: &str = "large-video-file.mp4";

#[get("/", response_class = FileResponse)]
async fn main() -> &'static str {
    SOME_FILE_PATH
}

pub fn app() -> App {
    App::new().routes(routes![main])
}
