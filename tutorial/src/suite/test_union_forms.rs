//! A form that is one model or another.

use aplomb::prelude::*;

#[derive(Model)]
struct UserForm {
    name: String,
    email: String,
}

#[derive(Model)]
struct CompanyForm {
    company_name: String,
    industry: String,
}

#[derive(Model)]
#[model(untagged)]
enum Either {
    User(UserForm),
    Company(CompanyForm),
}

#[post("/form-union/")]
async fn post_union_form(#[form] data: Either) -> Value {
    json!({"received": data})
}

pub fn app() -> App {
    App::new().routes(routes![post_union_form])
}
