use aplomb::Model;

#[derive(Model)]
struct Item {
    #[field(pattern = "a(b")]
    name: String,
    #[field(items(pattern = "[z-a]"))]
    tags: Vec<String>,
}

fn main() {}
