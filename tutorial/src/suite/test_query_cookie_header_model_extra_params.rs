//! Groups of parameters that keep what they do not declare.

use aplomb::json::Object;
use aplomb::prelude::*;

#[derive(Model)]
#[model(extra = "allow", rename = "Model")]
struct Open {
    param: String,
    #[field(extra)]
    rest: Object,
}

#[derive(Model)]
struct AuthHeaders {
    x_user_id: String,
}

#[get("/query")]
async fn query_model_with_extra(#[query] data: Open) -> Value {
    json!(data)
}

#[get("/header")]
async fn header_model_with_extra(#[header] data: Open) -> Value {
    json!(data)
}

#[get("/cookie")]
async fn cookies_model_with_extra(#[cookie] data: Open) -> Value {
    json!(data)
}

#[get("/header-requires-hyphen")]
async fn header_model_requires_hyphen(#[header] data: AuthHeaders) -> Value {
    json!(data)
}

pub fn app() -> App {
    App::new().routes(routes![
        query_model_with_extra,
        header_model_with_extra,
        cookies_model_with_extra,
        header_model_requires_hyphen
    ])
}
