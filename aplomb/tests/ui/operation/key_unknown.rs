use aplomb::prelude::*;

#[get("/items", tag("a"), status_code = 201, sumary = "Read", methods = ["GET"])]
async fn read() -> String {
    String::new()
}

fn main() {}
