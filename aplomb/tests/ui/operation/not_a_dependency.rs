use aplomb::prelude::*;

struct Pool;

fn verify() {}

#[get("/items", dependencies(Pool))]
async fn read() -> String {
    String::new()
}

#[get("/other")]
async fn other(user: Depends<Pool>) -> String {
    let _ = user;
    String::new()
}

#[get("/function", dependencies(verify))]
async fn function() -> String {
    String::new()
}

fn main() {}
