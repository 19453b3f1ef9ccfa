use aplomb::Model;

const TITLE: &str = "Item";

#[derive(Model)]
#[model(title = TITLE, rename_all = "CamelCase", description)]
struct Item {
    #[field(alias = 3, title(x), deprecated = "yes")]
    name: String,
    #[field(alias = "a\"b", validation_alias = "")]
    other: String,
}

fn main() {}
