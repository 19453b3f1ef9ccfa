use aplomb::prelude::*;

async fn session() -> u8 {
    1
}

#[get("/")]
async fn read(session: Depends<session>) -> u8 {
    *session
}

fn main() {}
