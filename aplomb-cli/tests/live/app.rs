//! The service that is looked into.

use std::sync::Arc;
use std::time::Duration;

use aplomb::prelude::*;
use tokio::sync::Semaphore;

/// What is ordered.
#[derive(Model)]
struct Item {
    name: String,
    price: f64,
    #[field(secret)]
    #[field(default)]
    code: String,
}

/// What holds up those who wait for it.
#[derive(Clone)]
pub(crate) struct Gate(pub(crate) Arc<Semaphore>);

impl Gate {
    pub(crate) fn closed() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

#[dependency]
async fn vault(gate: State<Gate>) -> Result<u32> {
    let permit = gate.0.acquire().await;
    permit.map_err(std::io::Error::other)?.forget();
    Ok(7)
}

#[get("/items/{item_id}")]
async fn read_item(item_id: u32) -> Result<u32> {
    match item_id {
        500 => Err(std::io::Error::other("boom").into()),
        id => Ok(id),
    }
}

#[post("/items", status = 201)]
async fn create_item(item: Item) -> String {
    item.name
}

#[get("/vault")]
async fn open_vault(vault: Depends<vault>) -> u32 {
    *vault
}

#[get("/nap")]
async fn nap() -> &'static str {
    tokio::time::sleep(Duration::from_millis(120)).await;
    "awake"
}

/// The service that is looked into.
pub(crate) fn app() -> App {
    gated(&Gate::closed())
}

/// The same, with a gate that the test opens.
pub(crate) fn gated(gate: &Gate) -> App {
    App::new()
        .state(gate.clone())
        .middleware(aplomb::middleware::RequestId::new())
        .routes(routes![read_item, create_item, open_vault, nap])
}
