use aplomb::prelude::*;

#[get("/items")]
async fn read(#[query(ge = 1)] q: String, #[query(max_length = 3)] n: i64) -> String {
    format!("{q}{n}")
}

fn main() {}
