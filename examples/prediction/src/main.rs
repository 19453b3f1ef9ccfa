//! `cargo run -p prediction`: the service on port 8000, its management listener on port 9000.

use std::time::Duration;

use aplomb::prelude::*;

#[aplomb::main]
async fn main() -> Result<()> {
    let app = prediction::app(Duration::from_secs(6));
    app.management("127.0.0.1:9000").run().await
}
