use aplomb::prelude::*;

#[dependency(scope = "app")]
async fn session() -> u8 {
    1
}

#[dependency(scope = 1)]
async fn other() -> u8 {
    1
}

fn main() {}
