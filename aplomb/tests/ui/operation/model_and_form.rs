use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    price: f64,
}

#[post("/named")]
async fn named(item: Item, #[form] name: String) -> String {
    format!("{name}{}", item.price)
}

#[post("/file")]
async fn file(file: UploadFile, item: Item) -> String {
    format!("{}{}", file.filename(), item.price)
}

#[post("/both")]
async fn both(#[form] item: Item, file: UploadFile, q: Option<String>) -> Option<String> {
    let _ = (item, file);
    q
}

#[post("/items")]
async fn items(item: Item, more: Vec<Item>, q: Option<String>) -> Option<String> {
    let _ = (item, more);
    q
}

fn main() {}
