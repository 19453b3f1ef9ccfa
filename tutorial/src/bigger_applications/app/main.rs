//! A service of several modules.

use aplomb::prelude::*;

use super::dependencies::{get_query_token, get_token_header};
use super::internal::admin;
use super::routers::{items, users};

#[get("/")]
async fn root() -> Value {
    json!({"message": "Hello Bigger Applications!"})
}

pub fn app() -> App {
    App::new()
        .depends::<get_query_token>()
        .include(users::router())
        .include(items::router())
        .include(
            Router::new()
                .prefix("/admin")
                .tags(["admin"])
                .depends::<get_token_header>()
                .response(418, "I'm a teapot")
                .include(admin::router()),
        )
        .routes(routes![root])
}
