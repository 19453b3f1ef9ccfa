use aplomb::prelude::*;

#[get("/items")]
async fn read(#[query] #[header] token: String) -> String {
    token
}

#[get("/again")]
async fn again(#[query(ge = 1)] #[query(le = 3)] size: i64) -> i64 {
    size
}

fn main() {}
