use aplomb::prelude::*;

#[get("/items")]
async fn read<T: Model>(item: T) -> T {
    item
}

fn main() {}
