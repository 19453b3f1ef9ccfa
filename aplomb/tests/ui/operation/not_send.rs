use aplomb::prelude::*;

use std::rc::Rc;

async fn wait() {}

#[get("/items")]
async fn read(q: String) -> String {
    let shared = Rc::new(q);
    wait().await;
    shared.to_string()
}

fn main() {}
