use aplomb::prelude::*;

async fn plain() -> String {
    String::new()
}

struct Thing;

fn app() -> App {
    App::new().routes(routes![plain, Thing])
}

fn main() {}
