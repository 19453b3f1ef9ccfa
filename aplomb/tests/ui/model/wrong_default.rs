use aplomb::Model;

#[derive(Model)]
struct Item {
    #[field(default = 1.5)]
    size: i64,
    #[field(default = 3)]
    name: String,
}

fn main() {}
