use aplomb::prelude::*;

#[get("/items")]
async fn read(#[query(ge = 10, le = 3)] n: i64, #[query(pattern = "(")] q: String) -> String {
    format!("{q}{n}")
}

fn main() {}
