use aplomb::prelude::*;

#[get("/items")]
async fn read(#[query(alias = "q")] one: String, #[query(alias = "q")] other: String) -> String {
    one + &other
}

fn main() {}
