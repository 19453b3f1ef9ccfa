use aplomb::prelude::*;

#[get("/", lane = "fast")]
async fn read() -> u8 {
    1
}

#[get("/other", lane = isolated)]
async fn other() -> u8 {
    1
}

fn main() {}
