use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aplomb::prelude::*;

const FAKE_SECRET_TOKEN: &str = "coneofsilence";

#[derive(Model, Clone)]
struct Item {
    id: String,
    title: String,
    description: Option<String>,
}

struct FakeDb(Mutex<HashMap<String, Item>>);

impl FakeDb {
    fn new() -> Self {
        let item = |id: &str, title: &str, description: &str| Item {
            id: id.to_owned(),
            title: title.to_owned(),
            description: Some(description.to_owned()),
        };
        let items = [
            item("foo", "Foo", "There goes my hero"),
            item("bar", "Bar", "The bartenders"),
        ];
        let items = items.map(|item| (item.id.clone(), item));
        Self(Mutex::new(HashMap::from(items)))
    }

    fn with<R>(&self, look: impl FnOnce(&mut HashMap<String, Item>) -> R) -> R {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn check(x_token: &str) -> Result<()> {
    if x_token == FAKE_SECRET_TOKEN {
        return Ok(());
    }
    Err(HttpException::bad_request("Invalid X-Token header").into())
}

#[get("/items/{item_id}")]
async fn read_main(item_id: String, #[header] x_token: String, db: State<FakeDb>) -> Result<Item> {
    check(&x_token)?;
    let item = db.with(|items| items.get(&item_id).cloned());
    item.ok_or_else(|| HttpException::not_found("Item not found").into())
}

#[post("/items/")]
async fn create_item(item: Item, #[header] x_token: String, db: State<FakeDb>) -> Result<Item> {
    check(&x_token)?;
    db.with(|items| {
        if items.contains_key(&item.id) {
            return Err(HttpException::conflict("Item already exists").into());
        }
        items.insert(item.id.clone(), item.clone());
        Ok(item)
    })
}

pub fn app() -> App {
    App::new()
        .state(FakeDb::new())
        .routes(routes![read_main, create_item])
}
