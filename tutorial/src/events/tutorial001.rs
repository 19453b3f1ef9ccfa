use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aplomb::prelude::*;

#[derive(Clone, Default)]
pub(crate) struct Items(Arc<Mutex<HashMap<String, Value>>>);

impl Items {
    pub(crate) fn with<R>(&self, look: impl FnOnce(&mut HashMap<String, Value>) -> R) -> R {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn fill(&self) {
        self.with(|items| {
            items.insert("foo".to_owned(), json!({"name": "Fighters"}));
            items.insert("bar".to_owned(), json!({"name": "Tenders"}));
        });
    }
}

#[derive(Debug)]
struct KeyError(String);

impl std::fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "KeyError: {:?}", self.0)
    }
}

impl std::error::Error for KeyError {}

#[get("/items/{item_id}")]
pub(crate) async fn read_items(item_id: String, items: State<Items>) -> Result<Value> {
    let item = items.with(|items| items.get(&item_id).cloned());
    Ok(item.ok_or(KeyError(item_id))?)
}

pub fn app() -> App {
    let items = Items::default();
    App::new()
        .state(items.clone())
        .routes(routes![read_items])
        .on_startup(move || {
            let items = items.clone();
            async move {
                items.fill();
                Ok(())
            }
        })
}
