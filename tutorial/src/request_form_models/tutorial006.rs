//! One of two models, told apart by a field.

use aplomb::prelude::*;

#[derive(Model)]
#[model(constant(kind = "person"))]
struct Person {
    name: String,
}

#[derive(Model)]
#[model(constant(kind = "company"))]
struct Company {
    company_name: String,
}

#[derive(Model)]
#[model(tag = "kind", rename_all = "lowercase")]
enum Contact {
    Person(Person),
    Company(Company),
}

#[post("/contacts/")]
async fn create_contact(#[form] contact: Option<Contact>) -> Value {
    json!(contact)
}

pub fn app() -> App {
    App::new().routes(routes![create_contact])
}
