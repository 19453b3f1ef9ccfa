use aplomb::prelude::*;

struct Filter {
    q: String,
}

#[get("/items")]
async fn read(#[query] filter: Filter, #[header] pool: State<u8>) -> String {
    let _ = pool;
    filter.q
}

fn main() {}
