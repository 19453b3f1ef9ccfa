//! A value that cleans up when it is dropped needs no clean-up of the dependency's.

use aplomb::prelude::*;

struct DbSession;

impl Drop for DbSession {
    fn drop(&mut self) {
        println!("session closed");
    }
}

#[dependency]
async fn get_db() -> DbSession {
    DbSession
}

#[get("/", dependencies(get_db))]
async fn read_root() -> Value {
    json!({"c": "DbSession"})
}

pub fn app() -> App {
    App::new().routes(routes![read_root])
}
