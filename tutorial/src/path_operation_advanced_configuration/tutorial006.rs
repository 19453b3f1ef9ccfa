//! A body that the handler reads by itself, described by hand.

use aplomb::prelude::*;

fn magic_data_reader(raw_body: &[u8]) -> Value {
    json!({
        "size": raw_body.len(),
        "content": {
            "name": "Maaaagic",
            "price": 42,
            "description": "Just kiddin', no magic here. ✨",
        },
    })
}

#[post("/items/", openapi_extra = {
    "requestBody": {
        "content": {
            "application/json": {
                "schema": {
                    "required": ["name", "price"],
                    "type": "object",
                    "properties": {
                        "name": {"type": "string"},
                        "price": {"type": "number"},
                        "description": {"type": "string"},
                    },
                }
            }
        },
        "required": true,
    },
})]
async fn create_item(request: Request) -> Result<Value> {
    let raw_body = request.body().await?;
    Ok(magic_data_reader(&raw_body))
}

pub fn app() -> App {
    App::new().routes(routes![create_item])
}
