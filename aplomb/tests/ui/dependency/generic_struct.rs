use aplomb::prelude::*;

#[dependency]
struct Page<T> {
    skip: T,
}

#[dependency(scope = "function")]
struct Size(u64);

#[dependency]
enum Order {
    Up,
}

fn main() {}
