//! A text, sent line by line.

use aplomb::prelude::*;

const MESSAGE: &str = "
Rick: (stumbles in drunkenly, and turns on the lights) Morty! You gotta come on. You got--... you gotta come with me.
Morty: (rubs his eyes) What, Rick? What's going on?
Rick: I got a surprise for you, Morty.
Morty: It's the middle of the night. What are you talking about?
Rick: (spills alcohol on Morty's bed) Come on, I got a surprise for you. (drags Morty by the ankle) Come on, hurry up. (pulls Morty out of his bed and into the hall)
Morty: Ow! Ow! You're tugging me too hard!
Rick: We gotta go, gotta get outta here, come on. Got a surprise for you Morty.
";

fn lines() -> impl Iterator<Item = String> {
    MESSAGE.lines().map(str::to_owned)
}

#[get("/story/stream", response_class = StreamingResponse)]
async fn stream_story() -> impl Iterator<Item = String> {
    lines()
}

#[get("/story/stream-no-async", response_class = StreamingResponse)]
fn stream_story_no_async() -> impl Iterator<Item = String> {
    lines()
}

#[get("/story/stream-no-annotation", response_class = StreamingResponse)]
async fn stream_story_no_annotation() -> impl Iterator<Item = String> {
    lines()
}

#[get("/story/stream-no-async-no-annotation", response_class = StreamingResponse)]
fn stream_story_no_async_no_annotation() -> impl Iterator<Item = String> {
    lines()
}

#[get("/story/stream-bytes", response_class = StreamingResponse)]
async fn stream_story_bytes() -> impl Iterator<Item = Vec<u8>> {
    lines().map(String::into_bytes)
}

#[get("/story/stream-no-async-bytes", response_class = StreamingResponse)]
fn stream_story_no_async_bytes() -> impl Iterator<Item = Vec<u8>> {
    lines().map(String::into_bytes)
}

#[get("/story/stream-no-annotation-bytes", response_class = StreamingResponse)]
async fn stream_story_no_annotation_bytes() -> impl Iterator<Item = Vec<u8>> {
    lines().map(String::into_bytes)
}

#[get("/story/stream-no-async-no-annotation-bytes", response_class = StreamingResponse)]
fn stream_story_no_async_no_annotation_bytes() -> impl Iterator<Item = Vec<u8>> {
    lines().map(String::into_bytes)
}

pub fn app() -> App {
    App::new().routes(routes![
        stream_story,
        stream_story_no_async,
        stream_story_no_annotation,
        stream_story_no_async_no_annotation,
        stream_story_bytes,
        stream_story_no_async_bytes,
        stream_story_no_annotation_bytes,
        stream_story_no_async_no_annotation_bytes,
    ])
}
