use aplomb::prelude::*;

#[get("/items", tag("a"), status_code = 201, sumary = "Read", response_class = Html, methods = ["GET"])]
async fn read() -> String {
    String::new()
}

fn main() {}
