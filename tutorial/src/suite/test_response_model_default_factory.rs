//! An answer completed with what a function makes.

use aplomb::prelude::*;

fn successful() -> String {
    "Successful operation.".to_owned()
}

#[derive(Model)]
struct ResponseModel {
    #[field(default = 200)]
    code: i64,
    #[field(default_with = successful)]
    message: String,
}

#[get("/response_model_has_default_factory_return_dict", response_model = ResponseModel)]
async fn response_model_has_default_factory_return_dict() -> Value {
    json!({"code": 200})
}

#[get("/response_model_has_default_factory_return_model", response_model = ResponseModel)]
async fn response_model_has_default_factory_return_model() -> Value {
    json!({})
}

pub fn app() -> App {
    App::new().routes(routes![
        response_model_has_default_factory_return_dict,
        response_model_has_default_factory_return_model
    ])
}
