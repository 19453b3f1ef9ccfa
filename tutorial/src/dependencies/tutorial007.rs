//! A database session that is closed when the request is done.

use aplomb::prelude::*;

struct DbSession;

impl DbSession {
    fn close(self) {
        println!("session closed");
    }
}

#[dependency]
async fn get_db(give: Yield<DbSession>) -> Result<()> {
    let (db, _) = give.lend(DbSession).await;
    db.close();
    Ok(())
}

#[get("/", dependencies(get_db))]
async fn read_root() -> Value {
    json!({"c": "DbSession"})
}

pub fn app() -> App {
    App::new().routes(routes![read_root])
}
