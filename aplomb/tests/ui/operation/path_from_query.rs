use aplomb::prelude::*;

#[get("/items/{item_id}")]
async fn read(#[query] item_id: i64) -> i64 {
    item_id
}

fn main() {}
