use aplomb::prelude::*;

#[derive(Model)]
struct Filter {
    q: String,
}

#[get("/items")]
async fn read(filter: Filter) -> String {
    filter.q
}

#[get("/allowed")]
async fn allowed(#[body] filter: Filter) -> String {
    filter.q
}

fn main() {}
