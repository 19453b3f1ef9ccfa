use aplomb::Model;

#[derive(Model)]
#[model(untagged)]
enum Pet {
    Cat { name: String },
    Dog(String, i64),
    Fish(),
}

fn main() {}
