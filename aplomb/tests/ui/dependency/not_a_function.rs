use aplomb::prelude::*;

#[dependency]
const SESSION: u8 = 1;

fn main() {}
