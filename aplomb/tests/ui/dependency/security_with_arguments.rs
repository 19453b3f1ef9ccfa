use aplomb::prelude::*;
use aplomb::security::HttpBearer;

#[security(scheme = "x")]
async fn bearer(name: String) -> HttpBearer {
    HttpBearer::new()
}

#[security]
fn nothing() {}

fn main() {}
