use aplomb::prelude::*;

type Lender = Yield<u8>;

#[dependency]
async fn session(give: Lender) -> Result<()> {
    give.lend(1).await;
    Ok(())
}

fn main() {}
