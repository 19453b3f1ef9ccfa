//! What the service sends to those who subscribe.

use aplomb::model::Datetime;
use aplomb::prelude::*;

#[derive(Model)]
struct Subscription {
    username: String,
    monthly_fee: f64,
    start_date: Datetime,
}

/// When a new user subscribes to your service we'll send you a POST request with this
/// data to the URL that you register for the event `new-subscription` in the dashboard.
#[post("new-subscription", webhook)]
async fn new_subscription(body: Subscription) {
    let _ = body;
}

#[get("/users/")]
async fn read_users() -> Value {
    json!(["Rick", "Morty"])
}

pub fn app() -> App {
    App::new()
        .webhooks(routes![new_subscription])
        .routes(routes![read_users])
}
