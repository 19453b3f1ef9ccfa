//! Response classes of routers in routers.

use aplomb::operation::ClassKind;
use aplomb::prelude::*;

struct OverrideResponse;

impl ResponseClass for OverrideResponse {
    const MEDIA_TYPE: Option<&'static str> = Some("application/x-override");
    const KIND: ClassKind = ClassKind::Json;
}

#[get("/")]
async fn get_root() -> Value {
    json!({"msg": "Hello World"})
}

#[get("/override", response_class = PlainText)]
async fn get_path_override() -> &'static str {
    "Hello World"
}

#[get("/")]
async fn get_a() -> Value {
    json!({"msg": "Hello A"})
}

#[get("/override", response_class = PlainText)]
async fn get_a_path_override() -> &'static str {
    "Hello A"
}

#[get("/")]
async fn get_a_a() -> Value {
    json!({"msg": "Hello A A"})
}

#[get("/override", response_class = PlainText)]
async fn get_a_a_path_override() -> &'static str {
    "Hello A A"
}

#[get("/")]
async fn get_a_b() -> &'static str {
    "Hello A B"
}

#[get("/override", response_class = Html)]
async fn get_a_b_path_override() -> &'static str {
    "Hello A B"
}

#[get("/")]
async fn get_b() -> &'static str {
    "Hello B"
}

#[get("/override", response_class = Html)]
async fn get_b_path_override() -> &'static str {
    "Hello B"
}

#[get("/")]
async fn get_b_a() -> &'static str {
    "Hello B A"
}

#[get("/override", response_class = Html)]
async fn get_b_a_path_override() -> &'static str {
    "Hello B A"
}

#[get("/")]
async fn get_b_a_c() -> &'static str {
    "Hello B A C"
}

#[get("/override", response_class = OverrideResponse)]
async fn get_b_a_c_path_override() -> Value {
    json!({"msg": "Hello B A C"})
}

pub fn app() -> App {
    let a_a = Router::new()
        .prefix("/a")
        .routes(routes![get_a_a, get_a_a_path_override]);
    let a_b = Router::new()
        .prefix("/b")
        .default_response_class::<PlainText>()
        .routes(routes![get_a_b, get_a_b_path_override]);
    let a = Router::new()
        .prefix("/a")
        .routes(routes![get_a, get_a_path_override]);
    let b_a_c = Router::new()
        .prefix("/c")
        .default_response_class::<Html>()
        .routes(routes![get_b_a_c, get_b_a_c_path_override]);
    let b_a = Router::new()
        .prefix("/a")
        .routes(routes![get_b_a, get_b_a_path_override]);
    let b = Router::new()
        .prefix("/b")
        .default_response_class::<PlainText>()
        .routes(routes![get_b, get_b_path_override]);
    App::new()
        .routes(routes![get_root, get_path_override])
        .include(a.include(a_a).include(a_b))
        .include(b.include(b_a.include(b_a_c)))
}
