use aplomb::prelude::*;

#[derive(Model)]
struct Message {
    text: String,
}

struct Plain;

#[get("/items", responses(404, 42 = "x", "5xx" = "y", 409 = (Message, 3), 404 = "a", 404 = "b"))]
async fn read() -> String {
    String::new()
}

#[get("/other", responses(404 = (Plain, "gone")))]
async fn other() -> String {
    String::new()
}

fn main() {}
