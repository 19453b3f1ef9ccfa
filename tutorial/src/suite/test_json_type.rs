//! Lists that come as JSON text.

use aplomb::model::Json;
use aplomb::prelude::*;

#[post("/form-json-list")]
async fn form_json_list(#[form] items: Json<Vec<String>>) -> Vec<String> {
    items.0
}

#[get("/query-json-list")]
async fn query_json_list(#[query] items: Json<Vec<String>>) -> Vec<String> {
    items.0
}

#[get("/header-json-list")]
async fn header_json_list(#[header] x_items: Json<Vec<String>>) -> Vec<String> {
    x_items.0
}

#[get("/cookie-json-list")]
async fn cookie_json_list(#[cookie] items: Json<Vec<String>>) -> Vec<String> {
    items.0
}

pub fn app() -> App {
    App::new().routes(routes![
        form_json_list,
        query_json_list,
        header_json_list,
        cookie_json_list
    ])
}
