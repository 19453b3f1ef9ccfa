use aplomb::Model;

use aplomb::json::Object;

#[derive(Model)]
struct Two {
    #[field(extra)]
    one: Object,
    #[field(extra)]
    other: Object,
}

#[derive(Model)]
#[model(extra = "allow")]
struct Nowhere {
    name: String,
}

#[derive(Model)]
#[model(extra = "forbid")]
struct Refused {
    #[field(extra, title = "Rest")]
    rest: Object,
}

#[derive(Model)]
#[model(extra = "alow")]
struct Misspelt {}

fn main() {}
