//! A form that may be empty.

use aplomb::prelude::*;

#[post("/urlencoded")]
async fn post_url_encoded(#[form] age: Option<i64>) -> Value {
    json!(age)
}

#[post("/multipart")]
async fn post_multi_part(#[form] age: Option<i64>, #[file] file: Option<Vec<u8>>) -> Value {
    let file = file.map(|file| String::from_utf8_lossy(&file).into_owned());
    json!({"file": file, "age": age})
}

pub fn app() -> App {
    App::new().routes(routes![post_url_encoded, post_multi_part])
}
