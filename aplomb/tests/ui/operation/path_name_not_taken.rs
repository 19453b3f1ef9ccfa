use aplomb::prelude::*;

#[get("/items/{item_id}")]
async fn misspelt(itemid: i64) -> i64 {
    itemid
}

#[get("/items/{item_id}")]
async fn forgotten() -> i64 {
    1
}

fn main() {}
