//! A stream of bytes that the handler makes a response of.

use aplomb::prelude::*;

fn fake_video_streamer() -> impl Stream<Item = Vec<u8>> {
    generate(async |pieces| {
        for _ in 0..10 {
            pieces.send(b"some fake video bytes".to_vec()).await;
        }
    })
}

#[get("/")]
async fn main() -> Response {
    Response::stream(fake_video_streamer())
}

pub fn app() -> App {
    App::new().routes(routes![main])
}
