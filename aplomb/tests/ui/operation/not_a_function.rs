use aplomb::prelude::*;

#[get("/items")]
struct Items {
    name: String,
}

fn main() {}
