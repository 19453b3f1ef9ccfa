use aplomb::prelude::*;

#[get("/items")]
#[post("/items")]
async fn read() -> String {
    String::new()
}

fn main() {}
