use aplomb::prelude::*;

#[dependency]
async fn session(give: Yield<u8>) -> Result<u8> {
    let (session, _) = give.lend(1).await;
    Ok(session)
}

fn main() {}
