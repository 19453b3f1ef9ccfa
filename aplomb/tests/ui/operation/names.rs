//! Names to choose between, and defaults to check.

use aplomb::{Model, get};

#[get("/{id}")]
async fn path(#[path(validation_alias("id", "number"))] id: i64) {}

#[get("/number")]
async fn number(#[query(validation_alias = 3)] id: i64) {}

#[get("/none")]
async fn none(#[query(validation_alias())] id: i64) {}

#[get("/default")]
async fn default(#[query(validate_default)] id: i64) {}

#[get("/fast")]
async fn fast(#[query(fail_fast)] id: i64) {}

#[derive(Model)]
struct Item {
    #[field(validate_default)]
    price: f64,
}

fn main() {}
