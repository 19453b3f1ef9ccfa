use aplomb::prelude::*;

struct Plain;

#[get("/items", response_model = Plain)]
async fn read() -> String {
    String::new()
}

#[get("/other", response_model_include(name))]
async fn other() -> String {
    String::new()
}

fn main() {}
