#[aplomb::main]
fn main(port: u16) -> aplomb::Result<()> {
    Ok(())
}
