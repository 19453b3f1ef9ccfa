use aplomb::prelude::*;

#[get("/items/{item_id")]
async fn open_brace(item_id: i64) -> i64 {
    item_id
}

#[get("/items/item_id}")]
async fn closed_brace(item_id: i64) -> i64 {
    item_id
}

#[get("/{id}/items/{id}")]
async fn twice(id: i64) -> i64 {
    id
}

#[get("/files/{file:pth}")]
async fn convertor(file: String) -> String {
    file
}

#[get("/items/{item-id}")]
async fn dash(item_id: i64) -> i64 {
    item_id
}

#[get("/items/{}")]
async fn nameless(item_id: i64) -> i64 {
    item_id
}

fn main() {}
