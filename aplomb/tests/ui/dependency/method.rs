use aplomb::prelude::*;

#[dependency]
async fn session(&self, name: String) -> String {
    name
}

fn main() {}
