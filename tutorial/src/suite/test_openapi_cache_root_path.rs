//! Prefixes of proxies in the document.

use aplomb::prelude::*;

#[get("/")]
async fn read_root() -> Value {
    json!({"ok": true})
}

pub fn test_root_path_does_not_persist_across_requests() -> App {
    App::new().routes(routes![read_root])
}

pub fn test_multiple_different_root_paths_do_not_accumulate() -> App {
    App::new().routes(routes![read_root])
}

pub fn test_legitimate_root_path_still_appears() -> App {
    App::new().routes(routes![read_root])
}

pub fn test_configured_servers_not_mutated() -> App {
    App::new()
        .servers([json!({"url": "https://prod.example.com"})])
        .routes(routes![read_root])
}
