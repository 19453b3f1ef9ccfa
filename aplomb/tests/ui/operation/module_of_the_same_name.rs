use aplomb::prelude::*;

mod items {}

#[get("/items")]
async fn items() -> String {
    items_of()
}

fn items_of() -> String {
    String::new()
}

fn main() {}
