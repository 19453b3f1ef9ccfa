use aplomb::Model;

#[derive(Model)]
struct Cat {
    kind: String,
}

#[derive(Model)]
#[model(tag = "kind")]
enum Pet {
    #[model(value = "cat")]
    One(Cat),
    #[model(values("dog", "cat"))]
    Other(Cat),
}

fn main() {}
