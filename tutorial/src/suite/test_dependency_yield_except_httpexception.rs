//! Clean-up that keeps what was done only when nothing failed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aplomb::prelude::*;

type Database = BTreeMap<String, String>;

#[dependency]
async fn get_database(
    stored: State<Mutex<Database>>,
    give: Yield<Arc<Mutex<Database>>>,
) -> Result<()> {
    let copy = stored.lock().map(|held| held.clone()).unwrap_or_default();
    let temporary = Arc::new(Mutex::new(copy));
    if give.lend(Arc::clone(&temporary)).await.1.is_ok()
        && let (Ok(mut stored), Ok(changed)) = (stored.lock(), temporary.lock())
    {
        stored.clone_from(&changed);
    }
    Ok(())
}

fn insert(database: &Mutex<Database>, user_id: String, name: String) {
    if let Ok(mut database) = database.lock() {
        database.insert(user_id, name);
    }
}

#[put("/invalid-user/{user_id}")]
async fn put_invalid_user(
    user_id: String,
    #[body] name: String,
    db: Depends<get_database>,
) -> Result<Value> {
    insert(&db, user_id, name);
    Err(HttpException::bad_request("Invalid user").into())
}

#[put("/user/{user_id}")]
async fn put_user(user_id: String, #[body] name: String, db: Depends<get_database>) -> Value {
    insert(&db, user_id, name);
    json!({"message": "OK"})
}

pub fn app() -> App {
    App::new()
        .state(Mutex::new(Database::new()))
        .routes(routes![put_invalid_user, put_user])
}
