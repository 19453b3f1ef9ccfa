use aplomb::Model;

#[derive(Model)]
#[model(title = "A", title = "B")]
struct Item {
    #[field(ge = 1, ge = 2)]
    size: i64,
    #[field(min_length = 1)]
    #[field(min_length = 2)]
    name: String,
    #[field(min_length = 1, min_items = 2)]
    tags: Vec<String>,
}

fn main() {}
