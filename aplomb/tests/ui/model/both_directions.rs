use aplomb::Model;

#[derive(Model)]
struct Item {
    #[field(read_only, write_only, default)]
    password: String,
    #[field(read_only)]
    id: i64,
    #[field(skip, title = "Hidden")]
    hidden: i64,
}

fn main() {}
