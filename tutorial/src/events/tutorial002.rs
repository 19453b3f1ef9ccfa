use std::fs::OpenOptions;
use std::io::Write as _;

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items() -> Value {
    json!([{"name": "Foo"}])
}

pub fn app() -> App {
    App::new()
        .routes(routes![read_items])
        .on_shutdown(|| async {
            let mut log = OpenOptions::new()
                .append(true)
                .create(true)
                .open("log.txt")?;
            log.write_all(b"Application shutdown")?;
            Ok(())
        })
}
