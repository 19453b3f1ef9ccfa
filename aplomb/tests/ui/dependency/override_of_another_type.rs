use aplomb::prelude::*;

#[dependency]
async fn session() -> u8 {
    1
}

#[dependency]
async fn fake() -> String {
    String::new()
}

fn main() {
    let _ = App::new().override_dependency::<session, fake>();
}
