use aplomb::prelude::*;

#[get("/")]
async fn items() -> u8 {
    1
}

#[dependency]
async fn session(items: Depends<items>) -> u8 {
    *items
}

fn main() {}
