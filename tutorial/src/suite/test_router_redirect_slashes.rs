//! Redirects that add or take a slash, and none.

use aplomb::prelude::*;

#[get("/hello/")]
async fn hello_page() -> &'static str {
    "Hello, World!"
}

pub fn test_redirect_slashes_enabled() -> App {
    App::new().include(Router::new().routes(routes![hello_page]))
}

pub fn test_redirect_slashes_disabled() -> App {
    App::new()
        .redirect_slashes(false)
        .include(Router::new().routes(routes![hello_page]))
}
