use aplomb::prelude::*;

fn check(number: &i64) -> Result<(), String> {
    if *number > 0 { Ok(()) } else { Err("negative".to_owned()) }
}

#[get("/items")]
async fn read(#[query(validate = check)] q: String, #[query(validate = missing)] n: i64) -> String {
    format!("{q}{n}")
}

fn main() {}
