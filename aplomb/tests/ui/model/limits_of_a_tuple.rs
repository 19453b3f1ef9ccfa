use aplomb::Model;

#[derive(Model)]
struct Pair(#[field(ge = 1)] i64, String);

#[derive(Model)]
struct Id(#[field(alias = "id")] i64);

#[derive(Model)]
#[model(untagged)]
enum Number {
    Integer(#[field(default = 1)] i64),
}

fn main() {}
