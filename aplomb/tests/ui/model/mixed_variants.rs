use aplomb::Model;

#[derive(Model)]
#[model(untagged)]
enum Pet {
    Name(String),
    Unknown,
}

fn main() {}
