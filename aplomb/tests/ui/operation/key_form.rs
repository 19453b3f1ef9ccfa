use aplomb::prelude::*;

#[get("/items", status = 2010, summary = Read, tags = "a", deprecated = "yes", summary = "twice")]
async fn read() -> String {
    String::new()
}

#[get("/other", status = "201", "tags")]
async fn other() -> String {
    String::new()
}

fn main() {}
