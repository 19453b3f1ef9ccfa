use aplomb::Model;

const MOST: i64 = 3;

#[derive(Model)]
struct Item {
    #[field(le = MOST)]
    size: i64,
    #[field(max_length = -1)]
    name: String,
    #[field(min_length)]
    other: String,
    #[field(ge = 99999999999999999999)]
    large: i64,
    #[field(items = 3)]
    tags: Vec<String>,
}

fn main() {}
