use aplomb::prelude::*;

#[security]
fn token() -> String {
    String::new()
}

fn main() {}
