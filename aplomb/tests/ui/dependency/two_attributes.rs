use aplomb::prelude::*;

#[dependency]
#[get("/")]
async fn session() -> u8 {
    1
}

fn main() {}
