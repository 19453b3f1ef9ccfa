use aplomb::prelude::*;

#[dependency]
fn session(give: Yield<u8>) -> Result<()> {
    Ok(())
}

fn main() {}
