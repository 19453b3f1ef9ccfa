use std::rc::Rc;

use aplomb::prelude::*;

#[dependency]
async fn session() -> u8 {
    let number = Rc::new(1);
    std::future::ready(()).await;
    *number
}

#[dependency]
async fn shared() -> Rc<u8> {
    Rc::new(1)
}

fn main() {}
