use aplomb::Model;

struct Price(i64);

#[derive(Model)]
struct Item {
    price: Price,
}

fn main() {}
