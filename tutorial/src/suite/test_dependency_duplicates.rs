//! Bodies of dependencies and of the operation, of one name or several.

use aplomb::prelude::*;

#[derive(Clone, Model)]
struct Item {
    data: String,
}

#[dependency]
async fn duplicate_dependency(item: Item) -> Item {
    item
}

#[dependency]
async fn dependency(item2: Item) -> Item {
    item2
}

#[dependency]
async fn sub_duplicate_dependency(
    item: Item,
    sub_item: Depends<duplicate_dependency>,
) -> Vec<Item> {
    vec![item, Item::clone(&sub_item)]
}

#[post("/with-duplicates")]
async fn with_duplicates(item: Item, item2: Depends<duplicate_dependency>) -> Value {
    json!([item, *item2])
}

#[post("/no-duplicates")]
async fn no_duplicates(item: Item, item2: Depends<dependency>) -> Value {
    json!([item, *item2])
}

#[post("/with-duplicates-sub")]
async fn no_duplicates_sub(item: Item, sub_items: Depends<sub_duplicate_dependency>) -> Value {
    json!([item, *sub_items])
}

pub fn app() -> App {
    App::new().routes(routes![with_duplicates, no_duplicates, no_duplicates_sub])
}
