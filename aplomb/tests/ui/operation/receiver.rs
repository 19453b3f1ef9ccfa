use aplomb::prelude::*;

struct Shop;

impl Shop {
    #[get("/items")]
    async fn read(&self) -> String {
        String::new()
    }
}

fn main() {}
