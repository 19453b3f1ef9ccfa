use aplomb::Model;

#[derive(Model)]
struct Item {
    #[field(default = 1, default_with = one)]
    size: i64,
    #[field(required, default)]
    count: i64,
}

fn one() -> i64 {
    1
}

fn main() {}
