//! Two choices between models, and a field.

use aplomb::prelude::*;

#[derive(Model)]
#[model(constant(contact_type = "person"))]
struct Person {
    name: String,
}

#[derive(Model)]
#[model(constant(contact_type = "company"))]
struct Company {
    company_name: String,
}

#[derive(Model)]
#[model(tag = "contact_type", rename_all = "lowercase")]
enum Contact {
    Person(Person),
    Company(Company),
}

#[derive(Model)]
#[model(constant(notification_type = "email"))]
struct Email {
    email: String,
}

#[derive(Model)]
#[model(rename = "SMS", constant(notification_type = "sms"))]
struct Sms {
    phone: String,
}

#[derive(Model)]
#[model(tag = "notification_type", rename_all = "lowercase")]
enum Notification {
    Email(Email),
    Sms(Sms),
}

#[post("/contacts/")]
async fn create_contact(
    #[form] contact: Contact,
    #[form] token: String,
    #[form] notification: Option<Notification>,
) -> Value {
    json!({"contact": contact, "notification": notification, "token": token})
}

pub fn app() -> App {
    App::new().routes(routes![create_contact])
}
