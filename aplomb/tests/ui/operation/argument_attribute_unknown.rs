use aplomb::prelude::*;

#[get("/items")]
async fn read(#[qeury] q: String, #[range(1)] n: i64) -> String {
    format!("{q}{n}")
}

fn main() {}
