//! Answers that several routes share, and one of its own.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    id: String,
    value: String,
}

#[get("/items/{item_id}", response_model = Item, responses(200 = {"content": {"image/png": {}}}))]
async fn read_item(item_id: String, img: Option<bool>) -> Response {
    let _ = item_id;
    if img == Some(true) {
        return FileResponse::new("image.png")
            .media_type("image/png")
            .into();
    }
    Response::json(&Item {
        id: "foo".to_owned(),
        value: "there goes my hero".to_owned(),
    })
}

pub fn app() -> App {
    let shared = Router::new()
        .response(404, "Item not found")
        .response(302, "The item was moved")
        .response(403, "Not enough privileges");
    App::new().include(shared.routes(routes![read_item]))
}
