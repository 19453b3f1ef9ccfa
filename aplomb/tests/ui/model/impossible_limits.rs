use aplomb::Model;

#[derive(Model)]
struct Item {
    #[field(min_length = 5, max_length = 3)]
    name: String,
    #[field(gt = 1, ge = 1)]
    size: i64,
    #[field(ge = 10, lt = 10)]
    count: i64,
    #[field(lt = 1.5, le = 2)]
    price: f64,
}

fn main() {}
