//! An answer without the fields that nobody set.

use aplomb::model::Patch;
use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    #[field(default = 10.5)]
    tax: f64,
    #[field(default)]
    tags: Vec<String>,
}

#[get(
    "/items/{item_id}",
    response_model = Patch<Item>,
    response_model_exclude_unset
)]
async fn read_item(item_id: String) -> Result<Value> {
    Ok(match &*item_id {
        "foo" => json!({"name": "Foo", "price": 50.2}),
        "bar" => json!({
            "name": "Bar",
            "description": "The bartenders",
            "price": 62,
            "tax": 20.2,
        }),
        "baz" => json!({
            "name": "Baz",
            "description": null,
            "price": 50.2,
            "tax": 10.5,
            "tags": [],
        }),
        _ => return Err(HttpException::status_only(404).into()),
    })
}

pub fn app() -> App {
    App::new().routes(routes![read_item])
}
