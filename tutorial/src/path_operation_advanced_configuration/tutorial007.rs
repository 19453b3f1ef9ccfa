//! A body in another language than JSON, checked by a model.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    tags: Vec<String>,
}

#[post("/items/", openapi_extra = {
    "requestBody": {
        "content": {"application/x-yaml": {"schema": Item::json_schema()}},
        "required": true,
    },
})]
async fn create_item(request: Request) -> Result<Value> {
    let raw_body = request.body().await?;
    let data: Value =
        serde_saphyr::from_slice(&raw_body).map_err(|_| HttpException::new(422, "Invalid YAML"))?;
    let item =
        Item::from_value(&data).map_err(|problems| HttpException::new(422, problems.to_value()))?;
    Ok(json!(item))
}

pub fn app() -> App {
    App::new().routes(routes![create_item])
}
