use aplomb::Model;

#[derive(Model)]
struct Item {
    #[field(min_length = 1)]
    size: i64,
    #[field(ge = 0)]
    name: String,
    #[field(ge = 0.5)]
    count: i64,
    #[field(pattern = "a")]
    price: f64,
    #[field(items(gt = 3))]
    tags: Vec<String>,
}

fn main() {}
