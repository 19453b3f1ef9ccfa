//! Tags with a description and a page of their own.

use aplomb::prelude::*;

#[get("/users/", tags("users"))]
async fn get_users() -> Value {
    json!([{"name": "Harry"}, {"name": "Ron"}])
}

#[get("/items/", tags("items"))]
async fn get_items() -> Value {
    json!([{"name": "wand"}, {"name": "flying broom"}])
}

pub fn app() -> App {
    App::new()
        .openapi_tags([
            json!({
                "name": "users",
                "description": "Operations with users. The **login** logic is also here.",
            }),
            json!({
                "name": "items",
                "description": "Manage items. So _fancy_ they have their own docs.",
                "externalDocs": {
                    "description": "Items external docs",
                    "url": "https://fastapi.tiangolo.com/",
                },
            }),
        ])
        .routes(routes![get_users, get_items])
}
