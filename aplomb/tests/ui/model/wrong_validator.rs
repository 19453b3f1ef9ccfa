use aplomb::Model;

#[derive(Model)]
struct Item {
    #[field(validate = check)]
    size: i64,
}

fn check(size: i64) -> bool {
    size > 3
}

fn main() {}
