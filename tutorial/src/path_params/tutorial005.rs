//! A path parameter that must be one of a few names.

use aplomb::prelude::*;

#[derive(Model)]
#[model(rename_all = "lowercase")]
enum ModelName {
    Alexnet,
    Resnet,
    Lenet,
}

#[get("/models/{model_name}")]
async fn get_model(model_name: ModelName) -> Value {
    let message = match model_name {
        ModelName::Alexnet => "Deep Learning FTW!",
        ModelName::Resnet => "Have some residuals",
        ModelName::Lenet => "LeCNN all the images",
    };
    json!({"model_name": model_name, "message": message})
}

pub fn app() -> App {
    App::new().routes(routes![get_model])
}
