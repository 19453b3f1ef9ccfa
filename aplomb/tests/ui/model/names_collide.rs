use aplomb::Model;

#[derive(Model)]
#[model(constant(kind = "item"), computed(total: i64 = Self::total))]
struct Item {
    size: i64,
    #[field(alias = "size")]
    count: i64,
    kind: String,
    total: i64,
    #[field(serialization_alias = "size")]
    width: i64,
}

impl Item {
    fn total(&self) -> i64 {
        1
    }
}

fn main() {}
