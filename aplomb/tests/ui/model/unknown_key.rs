use aplomb::Model;

#[derive(Model)]
#[model(rename_al = "camelCase")]
struct Item {
    #[field(min_lenght = 1, colour = "red")]
    name: String,
    #[field(items(min = 3))]
    tags: Vec<String>,
    #[field(min_len = 1, default_factory = String::new)]
    note: String,
    #[field(minimum = 3)]
    size: i64,
}

fn main() {}
