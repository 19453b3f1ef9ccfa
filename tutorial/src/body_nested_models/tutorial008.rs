//! A body that is a list of models.

use aplomb::model::HttpUrl;
use aplomb::prelude::*;

#[derive(Model)]
struct Image {
    url: HttpUrl,
    name: String,
}

#[post("/images/multiple/")]
async fn create_multiple_images(images: Vec<Image>) -> Value {
    json!(images)
}

pub fn app() -> App {
    App::new().routes(routes![create_multiple_images])
}
