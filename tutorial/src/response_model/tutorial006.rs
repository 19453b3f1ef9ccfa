//! Fields to keep or leave out, as a list.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    #[field(default = 10.5)]
    tax: f64,
}

fn find(item_id: &str) -> Result<Item> {
    let item = |name: &str, description: Option<&str>, price, tax| Item {
        name: name.to_owned(),
        description: description.map(str::to_owned),
        price,
        tax,
    };
    match item_id {
        "foo" => Ok(item("Foo", None, 50.2, 10.5)),
        "bar" => Ok(item("Bar", Some("The Bar fighters"), 62.0, 20.2)),
        "baz" => Ok(item("Baz", Some("There goes my baz"), 50.2, 10.5)),
        _ => Err(HttpException::status_only(404).into()),
    }
}

#[get("/items/{item_id}/name", response_model_include = ["name", "description"])]
async fn read_item_name(item_id: String) -> Result<Item> {
    find(&item_id)
}

#[get("/items/{item_id}/public", response_model_exclude = ["tax"])]
async fn read_item_public_data(item_id: String) -> Result<Item> {
    find(&item_id)
}

pub fn app() -> App {
    App::new().routes(routes![read_item_name, read_item_public_data])
}
