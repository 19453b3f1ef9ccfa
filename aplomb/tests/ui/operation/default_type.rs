use aplomb::prelude::*;

#[get("/items")]
async fn read(#[query(default = "ten")] n: i64, #[query(default = 1)] q: String) -> String {
    format!("{q}{n}")
}

fn main() {}
