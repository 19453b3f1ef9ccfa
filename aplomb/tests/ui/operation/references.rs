use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
}

#[get("/items")]
async fn read(q: &str, rest: Option<&str>, names: &[String]) -> String {
    format!("{q}{rest:?}{names:?}")
}

#[post("/items")]
async fn create(item: &Item) -> String {
    item.name.clone()
}

fn main() {}
