use aplomb::prelude::*;

#[dependency]
async fn session(one: Yield<u8>, two: Yield<u8>) -> Result<()> {
    one.lend(1).await;
    two.lend(2).await;
    Ok(())
}

fn main() {}
