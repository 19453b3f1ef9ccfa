use aplomb::prelude::*;

fn one() -> i64 {
    1
}

#[get("/items")]
async fn read(#[query(default = 1, default_with = one)] n: i64) -> i64 {
    n
}

#[get("/items/{n}")]
async fn path(#[path(default = 1)] n: i64) -> i64 {
    n
}

fn main() {}
