use aplomb::prelude::*;

#[websocket("/ws")]
struct Chat;

fn main() {}
