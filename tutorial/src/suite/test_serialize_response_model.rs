//! Models with aliases, their lists and maps, with and without what was not set.

use std::collections::BTreeMap;

use aplomb::model::Patch;
use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    #[field(alias = "aliased_name")]
    name: String,
    price: Option<f64>,
    owner_ids: Option<Vec<i64>>,
}

type Items = BTreeMap<String, Patch<Item>>;

fn item(name: &str, price: Option<f64>, owner_ids: Option<Vec<i64>>) -> Item {
    Item {
        name: name.to_owned(),
        price,
        owner_ids,
    }
}

fn list() -> Vec<Item> {
    vec![
        item("foo", None, None),
        item("bar", Some(1.0), None),
        item("baz", Some(2.0), Some(vec![1, 2, 3])),
    ]
}

#[get("/items/valid")]
async fn get_valid() -> Item {
    item("valid", Some(1.0), None)
}

#[get("/items/coerce")]
async fn get_coerce() -> Item {
    item("coerce", Some(1.0), None)
}

#[get("/items/validlist")]
async fn get_validlist() -> Vec<Item> {
    list()
}

#[get("/items/validdict")]
async fn get_validdict() -> BTreeMap<String, Item> {
    let keys = ["k1", "k2", "k3"].map(str::to_owned);
    keys.into_iter().zip(list()).collect()
}

#[get("/items/valid-exclude-unset", response_model = Patch<Item>, response_model_exclude_unset)]
async fn get_valid_exclude_unset() -> Value {
    json!({"aliased_name": "valid", "price": 1.0})
}

#[get("/items/coerce-exclude-unset", response_model = Patch<Item>, response_model_exclude_unset)]
async fn get_coerce_exclude_unset() -> Value {
    json!({"aliased_name": "coerce", "price": "1.0"})
}

#[get(
    "/items/validlist-exclude-unset",
    response_model = Vec<Patch<Item>>,
    response_model_exclude_unset,
)]
async fn get_validlist_exclude_unset() -> Value {
    json!([
        {"aliased_name": "foo"},
        {"aliased_name": "bar", "price": 1.0},
        {"aliased_name": "baz", "price": 2.0, "owner_ids": [1, 2, 3]},
    ])
}

#[get(
    "/items/validdict-exclude-unset",
    response_model = Items,
    response_model_exclude_unset,
)]
async fn get_validdict_exclude_unset() -> Value {
    json!({
        "k1": {"aliased_name": "foo"},
        "k2": {"aliased_name": "bar", "price": 1.0},
        "k3": {"aliased_name": "baz", "price": 2.0, "owner_ids": [1, 2, 3]},
    })
}

pub fn app() -> App {
    App::new().routes(routes![
        get_valid,
        get_coerce,
        get_validlist,
        get_validdict,
        get_valid_exclude_unset,
        get_coerce_exclude_unset,
        get_validlist_exclude_unset,
        get_validdict_exclude_unset
    ])
}
