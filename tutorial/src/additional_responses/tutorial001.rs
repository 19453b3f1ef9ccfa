//! A further answer with a model of its own.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    id: String,
    value: String,
}

#[derive(Model)]
struct Message {
    message: String,
}

#[get("/items/{item_id}", response_model = Item, responses(404 = (Message)))]
async fn read_item(item_id: String) -> Response {
    if item_id == "foo" {
        return Response::json(&Item {
            id: item_id,
            value: "there goes my hero".to_owned(),
        });
    }
    Response::json(&json!({"message": "Item not found"})).status(404)
}

pub fn app() -> App {
    App::new().routes(routes![read_item])
}
