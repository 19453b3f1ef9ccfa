//! A prediction service in which some requests take six seconds, and nobody knows why.

use std::time::Duration;

use aplomb::prelude::*;

/// What is wanted of a customer.
#[derive(Model)]
pub struct Offer {
    /// How much it would cost them.
    #[field(gt = 0)]
    pub price: f64,
}

/// What is to be expected of a customer.
#[derive(Model)]
pub struct Prediction {
    /// How likely they take the offer: between 0 and 1.
    pub score: f64,
}

/// What is known of a customer.
#[derive(Model)]
pub struct Features {
    /// How often they came.
    pub visits: u32,
    /// How the store found them.
    pub plan: String,
}

/// How long the store takes for customers that its index does not have.
#[derive(Clone, Copy, Debug)]
pub struct ScanTime(pub Duration);

/// Who asks.
#[dependency]
async fn caller(#[header] x_caller: Option<String>) -> String {
    x_caller.unwrap_or_else(|| "unknown".to_owned())
}

/// The store of features, far away.
#[dependency]
async fn feature_store(customer: String, scan: State<ScanTime>) -> Features {
    // It stands for a query that nobody has an index for.
    let is_new = customer.starts_with("new-");
    let (time, plan) = match is_new {
        true => (scan.0, "full scan"),
        false => (Duration::from_millis(2), "index"),
    };
    tokio::time::sleep(time).await;
    Features {
        visits: if is_new { 0 } else { 7 },
        plan: plan.to_owned(),
    }
}

/// Predict whether a customer takes an offer.
#[post("/predict/{customer}")]
async fn predict(
    customer: String,
    offer: Offer,
    _caller: Depends<caller>,
    features: Depends<feature_store>,
) -> Prediction {
    let loyal = f64::from(features.visits) / (1.0 + customer.len() as f64);
    Prediction {
        score: loyal / (loyal + offer.price),
    }
}

/// The service, whose store takes so long for new customers.
pub fn app(scan: Duration) -> App {
    App::new()
        .title("Prediction")
        .state(ScanTime(scan))
        .routes(routes![predict])
}
