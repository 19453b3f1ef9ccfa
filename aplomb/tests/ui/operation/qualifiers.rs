use aplomb::prelude::*;

#[get("/items")]
async unsafe fn read() -> String {
    String::new()
}

#[get("/other")]
extern "C" fn other() -> u8 {
    1
}

fn main() {}
