use aplomb::prelude::*;

#[get]
async fn read() -> String {
    String::new()
}

#[get(items)]
async fn bare() -> String {
    String::new()
}

#[get("items")]
async fn without_slash() -> String {
    String::new()
}

#[get("/items?page=1")]
async fn with_query() -> String {
    String::new()
}

fn main() {}
