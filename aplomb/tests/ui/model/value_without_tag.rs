use aplomb::Model;

#[derive(Model)]
#[model(untagged)]
enum Pet {
    #[model(value = "name")]
    Name(String),
    #[model(name = "number")]
    Number(i64),
}

fn main() {}
