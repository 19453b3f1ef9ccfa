use aplomb::prelude::*;

struct Pool;

#[get("/items")]
async fn read(pool: Pool, q: Option<String>) -> String {
    let _ = pool;
    q.unwrap_or_default()
}

fn main() {}
