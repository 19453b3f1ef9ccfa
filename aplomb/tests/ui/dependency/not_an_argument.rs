use aplomb::prelude::*;

struct Pool;

#[dependency]
async fn session(pool: Pool, page: Depends<String>) -> u8 {
    1
}

fn main() {}
