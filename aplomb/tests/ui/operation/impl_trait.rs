use aplomb::prelude::*;

#[get("/items")]
async fn read(q: impl Into<String>) -> String {
    q.into()
}

fn main() {}
