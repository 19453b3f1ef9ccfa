//! Serves the shop: `cargo run -p shop`.

use aplomb::Result;
use shop::Settings;

#[aplomb::main]
async fn main() -> Result<()> {
    shop::app(Settings::from_environment()?).await?.run().await
}
