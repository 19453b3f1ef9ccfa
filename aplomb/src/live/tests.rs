//! What becomes of a service that is looked into by hostile or hurried people: nothing.

mod churn;
mod hostile;
mod mounted;
mod rates;
mod websockets;

use std::sync::Arc;

use super::{Access, service};
use crate::app::{App, Service};
use crate::background::BackgroundTasks;
use crate::depends::Depends;
use crate::error::{HttpException, Result};
use crate::json::Value;
use crate::testing::TestClient;

/// What is asked for in these tests.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate)]
struct Order {
    #[field(min_length = 1)]
    name: String,
    #[field(gt = 0)]
    price: f64,
    #[field(default)]
    tags: Vec<String>,
    #[field(default)]
    extra: crate::json::Object,
}

#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate)]
struct Account {
    plan: String,
    numbers: Vec<u64>,
}

#[aplomb_macros::dependency(crate = crate)]
async fn account() -> Account {
    let numbers = (0..500).collect();
    let plan = "gold".to_owned();
    Account { plan, numbers }
}

#[aplomb_macros::post("/orders", crate = crate)]
async fn order(order: Order, tasks: BackgroundTasks, _account: Depends<account>) -> f64 {
    tasks.add(async {});
    order.price
}

#[aplomb_macros::get("/orders/{id}", crate = crate)]
async fn read(id: u32, q: Option<String>) -> Result<u32> {
    match id {
        404 => Err(HttpException::not_found(q.unwrap_or_default()).into()),
        id => Ok(id),
    }
}

fn app() -> App {
    App::new().routes(crate::routes![order, read])
}

/// The API of a service's probes.
fn api(of: &Service) -> TestClient {
    let access = Access::new(Some("t0ken".to_owned()));
    TestClient::new(service(
        Arc::clone(of.live()),
        of.metrics(),
        Arc::new(access),
    ))
}

/// Sets a probe; the status and what is said.
fn set(api: &TestClient, probe: &Value) -> (u16, Value) {
    let request = api.post("/live/probes").json(probe);
    let answer = request.header("authorization", "Bearer t0ken").send();
    (answer.status(), answer.json())
}
