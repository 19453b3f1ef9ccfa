use aplomb::prelude::*;

#[dependency(scpoe = "function", cache = false)]
async fn session() -> u8 {
    1
}

fn main() {}
