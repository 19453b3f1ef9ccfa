use aplomb::prelude::*;

#[get("/items")]
async fn read() -> Result<i64, String> {
    Err("nothing here".to_owned())
}

fn main() {}
