//! Models, descriptions and examples of several answers.

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

#[get(
    "/items/{item_id}",
    response_model = Item,
    responses(
        404 = (Message, "The item was not found"),
        200 = {
            "description": "Item requested by ID",
            "content": {
                "application/json": {"example": {"id": "bar", "value": "The bar tenders"}},
            },
        },
    ),
)]
async fn read_item(item_id: String) -> Response {
    if item_id == "foo" {
        return Response::json(&Item {
            id: item_id,
            value: "there goes my hero".to_owned(),
        });
    }
    let message = "Item not found".to_owned();
    Response::json(&Message { message }).status(404)
}

pub fn app() -> App {
    App::new().routes(routes![read_item])
}
