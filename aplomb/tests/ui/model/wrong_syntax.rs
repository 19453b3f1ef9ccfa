use aplomb::Model;

#[derive(Model)]
#[model = "x"]
struct Item {
    #[field("size")]
    size: i64,
    #[field(ge > 3)]
    count: i64,
    #[field(title = )]
    name: String,
}

#[derive(Model)]
#[model(computed(total = Self::total))]
struct Computed {
    size: i64,
}

fn main() {}
