//! An image, sent in pieces by a response class of its own.

use aplomb::prelude::*;

const IMAGE: &[u8] = include_bytes!("image.png");

fn read_image() -> impl Iterator<Item = Vec<u8>> {
    let lines = IMAGE.split_inclusive(|byte| *byte == b'\n');
    lines.map(<[u8]>::to_vec)
}

struct PngStreamingResponse;

impl ResponseClass for PngStreamingResponse {
    const MEDIA_TYPE: Option<&'static str> = Some("image/png");
}

#[get("/image/stream", response_class = PngStreamingResponse)]
async fn stream_image() -> impl Iterator<Item = Vec<u8>> {
    read_image()
}

#[get("/image/stream-no-async", response_class = PngStreamingResponse)]
fn stream_image_no_async() -> impl Iterator<Item = Vec<u8>> {
    read_image()
}

#[get("/image/stream-no-async-yield-from", response_class = PngStreamingResponse)]
fn stream_image_no_async_yield_from() -> impl Iterator<Item = Vec<u8>> {
    read_image()
}

#[get("/image/stream-no-annotation", response_class = PngStreamingResponse)]
async fn stream_image_no_annotation() -> impl Iterator<Item = Vec<u8>> {
    read_image()
}

#[get("/image/stream-no-async-no-annotation", response_class = PngStreamingResponse)]
fn stream_image_no_async_no_annotation() -> impl Iterator<Item = Vec<u8>> {
    read_image()
}

pub fn app() -> App {
    App::new().routes(routes![
        stream_image,
        stream_image_no_async,
        stream_image_no_async_yield_from,
        stream_image_no_annotation,
        stream_image_no_async_no_annotation,
    ])
}
