use aplomb::Model;

#[derive(Model)]
enum Pet {
    Name(String),
    Number(i64),
}

#[derive(Model)]
#[model(untagged, tag = "kind")]
enum Other {
    Name(String),
}

fn main() {}
