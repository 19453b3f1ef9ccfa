//! A large file, sent in pieces.

use std::fs::File;

use aplomb::prelude::*;

const SOME_FILE_PATH: &str = "large-video-file.mp4";

#[get("/")]
fn main() -> Result<Response> {
    let file = File::open(SOME_FILE_PATH)?;
    Ok(Response::blocking_reader(file).content_type("video/mp4"))
}

pub fn app() -> App {
    App::new().routes(routes![main])
}
