//! A form that is a model, with aliases and further fields.

use aplomb::json::Object;
use aplomb::prelude::*;

#[derive(Model)]
struct FormModel {
    username: String,
    lastname: String,
    age: Option<i64>,
    #[field(default = vec!["foo".to_owned(), "bar".to_owned()])]
    tags: Vec<String>,
    #[field(alias = "with", default = "nothing")]
    alias_with: String,
}

#[derive(Model)]
#[model(extra = "allow")]
struct FormModelExtraAllow {
    param: String,
    #[field(extra)]
    rest: Object,
}

#[post("/form/")]
async fn post_form(#[form] user: FormModel) -> Value {
    json!(user)
}

#[post("/form-extra-allow/")]
async fn post_form_extra_allow(#[form] params: FormModelExtraAllow) -> Value {
    json!(params)
}

pub fn app() -> App {
    App::new().routes(routes![post_form, post_form_extra_allow])
}
