use aplomb::Model;

#[derive(Model)]
#[model(tag = "kind", literal)]
struct Item {
    name: String,
}

#[derive(Model)]
#[model(extra = "forbid")]
enum Color {
    Red,
}

#[derive(Model)]
#[model(rename_all = "camelCase")]
struct Id(i64);

fn main() {}
