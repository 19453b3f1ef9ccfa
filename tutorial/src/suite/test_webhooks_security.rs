//! A webhook behind a scheme.

use aplomb::model::Datetime;
use aplomb::prelude::*;
use aplomb::security::HttpBearer;

#[security]
fn bearer_scheme() -> HttpBearer {
    HttpBearer::new()
}

#[derive(Model)]
struct Subscription {
    username: String,
    monthly_fee: f64,
    start_date: Datetime,
}

/// When a new user subscribes to your service we'll send you a POST request with this
/// data to the URL that you register for the event `new-subscription` in the dashboard.
#[post("new-subscription", webhook)]
async fn new_subscription(body: Subscription, token: Depends<bearer_scheme>) -> Value {
    let _ = (body, token);
    Value::Null
}

pub fn app() -> App {
    App::new().webhooks(routes![new_subscription])
}
