//! Routers of routers.

use aplomb::prelude::*;

#[get("/")]
async fn get_a() -> Value {
    json!({"msg": "A"})
}

#[get("/")]
async fn get_b() -> Value {
    json!({"msg": "B"})
}

#[get("/")]
async fn get_c() -> Value {
    json!({"msg": "C"})
}

pub fn app() -> App {
    let c = Router::new().prefix("/c").routes(routes![get_c]);
    let b = Router::new().prefix("/b").routes(routes![get_b]).include(c);
    App::new().include(Router::new().prefix("/a").routes(routes![get_a]).include(b))
}
