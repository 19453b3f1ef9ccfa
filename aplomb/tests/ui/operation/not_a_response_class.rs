use aplomb::prelude::*;

struct Page;

#[get("/items", response_class = Page)]
async fn read() -> String {
    String::new()
}

fn main() {}
