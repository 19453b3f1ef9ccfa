use aplomb::Model;

#[derive(Model)]
#[model(rename_al = "camelCase")]
struct Item {
    #[field(min_lenght = 1, colour = "red")]
    name: String,
    #[field(items(min = 3))]
    tags: Vec<String>,
}

fn main() {}
