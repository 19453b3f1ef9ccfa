//! Paths and queries of every simple type.

use std::collections::BTreeSet;

use aplomb::prelude::*;

#[get("/api_route")]
async fn non_operation() -> Value {
    json!({"message": "Hello World"})
}

#[get("/non_decorated_route")]
async fn non_decorated_route() -> Value {
    json!({"message": "Hello World"})
}

#[get("/text")]
async fn get_text() -> Value {
    json!("Hello World")
}

#[get("/path/{item_id}")]
async fn get_id(item_id: Value) -> Value {
    item_id
}

/// Operations that answer their path parameter.
macro_rules! paths {
    ($($name:ident $path:literal $type:ty [$($limit:tt)*])*) => {$(
        #[get($path)]
        async fn $name(#[path($($limit)*)] item_id: $type) -> Value {
            json!(item_id)
        }
    )*};
}

paths! {
    get_str_id "/path/str/{item_id}" String []
    get_int_id "/path/int/{item_id}" i64 []
    get_float_id "/path/float/{item_id}" f64 []
    get_bool_id "/path/bool/{item_id}" bool []
    get_path_param_id "/path/param/{item_id}" Option<String> []
    get_path_param_min_length "/path/param-minlength/{item_id}" String [min_length = 3]
    get_path_param_max_length "/path/param-maxlength/{item_id}" String [max_length = 3]
    get_path_param_min_max_length "/path/param-min_maxlength/{item_id}" String [max_length = 3, min_length = 2]
    get_path_param_gt "/path/param-gt/{item_id}" f64 [gt = 3]
    get_path_param_gt0 "/path/param-gt0/{item_id}" f64 [gt = 0]
    get_path_param_ge "/path/param-ge/{item_id}" f64 [ge = 3]
    get_path_param_lt "/path/param-lt/{item_id}" f64 [lt = 3]
    get_path_param_lt0 "/path/param-lt0/{item_id}" f64 [lt = 0]
    get_path_param_le "/path/param-le/{item_id}" f64 [le = 3]
    get_path_param_lt_gt "/path/param-lt-gt/{item_id}" f64 [lt = 3, gt = 1]
    get_path_param_le_ge "/path/param-le-ge/{item_id}" f64 [le = 3, ge = 1]
    get_path_param_lt_int "/path/param-lt-int/{item_id}" i64 [lt = 3]
    get_path_param_gt_int "/path/param-gt-int/{item_id}" i64 [gt = 3]
    get_path_param_le_int "/path/param-le-int/{item_id}" i64 [le = 3]
    get_path_param_ge_int "/path/param-ge-int/{item_id}" i64 [ge = 3]
    get_path_param_lt_gt_int "/path/param-lt-gt-int/{item_id}" i64 [lt = 3, gt = 1]
    get_path_param_le_ge_int "/path/param-le-ge-int/{item_id}" i64 [le = 3, ge = 1]
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[get("/query")]
async fn get_query(#[query] query: Value) -> Value {
    json!(format!("foo bar {}", text(&query)))
}

#[get("/query/optional")]
async fn get_query_optional(#[query(default = Value::Null)] query: Value) -> Value {
    if query.is_null() {
        return json!("foo bar");
    }
    json!(format!("foo bar {}", text(&query)))
}

#[get("/query/int")]
async fn get_query_type(query: i64) -> Value {
    json!(format!("foo bar {query}"))
}

#[get("/query/int/optional")]
async fn get_query_type_optional(query: Option<i64>) -> Value {
    query.map_or_else(
        || json!("foo bar"),
        |query| json!(format!("foo bar {query}")),
    )
}

#[get("/query/int/default")]
async fn get_query_type_int_default(#[query(default = 10)] query: i64) -> Value {
    json!(format!("foo bar {query}"))
}

#[get("/query/param")]
async fn get_query_param(#[query(default = Value::Null)] query: Value) -> Value {
    if query.is_null() {
        return json!("foo bar");
    }
    json!(format!("foo bar {}", text(&query)))
}

#[get("/query/param-required")]
async fn get_query_param_required(#[query] query: Value) -> Value {
    json!(format!("foo bar {}", text(&query)))
}

#[get("/query/param-required/int")]
async fn get_query_param_required_type(query: i64) -> Value {
    json!(format!("foo bar {query}"))
}

#[get("/enum-status-code", status = 201)]
async fn get_enum_status_code() -> Value {
    json!("foo bar")
}

#[get("/query/frozenset")]
async fn get_query_type_frozenset(#[query] query: BTreeSet<i64>) -> Value {
    let numbers: Vec<_> = query.iter().map(i64::to_string).collect();
    json!(numbers.join(","))
}

#[get("/query/list")]
async fn get_query_list(#[query] device_ids: Vec<i64>) -> Vec<i64> {
    device_ids
}

#[get("/query/list-default")]
async fn get_query_list_default(#[query(default)] device_ids: Vec<i64>) -> Vec<i64> {
    device_ids
}

#[rustfmt::skip]
pub fn app() -> App {
    App::new()
        .external_docs(json!({
            "description": "External API documentation.",
            "url": "https://docs.example.com/api-general",
        }))
        .routes(routes![
            non_operation, non_decorated_route, get_text, get_id, get_str_id, get_int_id,
            get_float_id, get_bool_id, get_path_param_id, get_path_param_min_length,
            get_path_param_max_length, get_path_param_min_max_length, get_path_param_gt,
            get_path_param_gt0, get_path_param_ge, get_path_param_lt, get_path_param_lt0,
            get_path_param_le, get_path_param_lt_gt, get_path_param_le_ge, get_path_param_lt_int,
            get_path_param_gt_int, get_path_param_le_int, get_path_param_ge_int,
            get_path_param_lt_gt_int, get_path_param_le_ge_int, get_query, get_query_optional,
            get_query_type, get_query_type_optional, get_query_type_int_default, get_query_param,
            get_query_param_required, get_query_param_required_type, get_enum_status_code,
            get_query_type_frozenset, get_query_list, get_query_list_default,
        ])
}
