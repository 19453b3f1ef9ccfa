//! Aplomb peer: every check is a declaration. Environment: PORT; INLINE keeps every route where its
//! connection is read; MANAGEMENT opens the management listener at this address.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;

use std::hint::black_box;
use std::time::{Duration, Instant};

use aplomb::prelude::*;

#[derive(Model, Default)]
struct Address {
    id: i64,
    str1: Option<String>,
    str2: Option<String>,
    str3: Option<String>,
    str4: Option<String>,
    str5: Option<String>,
    str6: Option<String>,
    str7: Option<String>,
    str8: Option<String>,
}

#[derive(Model, Default)]
struct Account {
    id: i64,
    address: Option<Address>,
    str1: Option<String>,
    str2: Option<String>,
    str3: Option<String>,
    str4: Option<String>,
    str5: Option<String>,
    str6: Option<String>,
    str7: Option<String>,
    str8: Option<String>,
    str9: Option<String>,
    str10: Option<String>,
    str12: Option<String>,
    str13: Option<String>,
    str14: Option<String>,
    str15: Option<String>,
    str16: Option<String>,
}

#[derive(Model, Default)]
struct Client {
    id: i64,
    address: Option<Address>,
    bank_accounts: Vec<Account>,
    str1: Option<String>,
    str2: Option<String>,
    str3: Option<String>,
    str4: Option<String>,
    str5: Option<String>,
    str6: Option<String>,
    str7: Option<String>,
    str8: Option<String>,
}

#[derive(Model)]
struct ClientsResponse {
    items: Vec<Client>,
}

#[derive(Model)]
struct Item {
    #[field(min_length = 1, max_length = 50)]
    name: String,
    #[field(gt = 0)]
    price: f64,
    tax: Option<f64>,
    #[field(default)]
    tags: Vec<String>,
    description: Option<String>,
}

#[derive(Model)]
struct ItemOut {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
    tags: Vec<String>,
    price_with_tax: f64,
}

#[derive(Model)]
struct ItemView {
    item_id: i64,
    q: Option<String>,
    limit: i64,
}

#[derive(Model)]
struct Count {
    count: usize,
}

fn build_clients() -> ClientsResponse {
    let client = |id| Client {
        id,
        address: Some(Address {
            id,
            ..Default::default()
        }),
        bank_accounts: vec![Account {
            id,
            ..Default::default()
        }],
        ..Default::default()
    };
    ClientsResponse {
        items: (0..40_000).map(client).collect(),
    }
}

/// Burns the CPU for `ms` milliseconds without yielding.
fn burn_for(ms: u64) {
    let end = Instant::now() + Duration::from_millis(ms);
    let mut x = 1u64;
    while Instant::now() < end {
        for _ in 0..1000 {
            x = black_box(x.wrapping_mul(6364136223846793005).wrapping_add(1));
        }
    }
}

#[get("/.well-known/live")]
async fn live() -> String {
    "OK".to_owned()
}

#[get("/items/{item_id}")]
async fn read_item(
    #[path(ge = 1)] item_id: i64,
    #[query(max_length = 50)] q: Option<String>,
    #[query(default = 10, ge = 1, le = 100)] limit: i64,
) -> ItemView {
    ItemView { item_id, q, limit }
}

#[post("/items")]
async fn create_item(item: Item) -> ItemOut {
    ItemOut {
        price_with_tax: item.price + item.tax.unwrap_or(0.0),
        name: item.name,
        description: item.description,
        price: item.price,
        tax: item.tax,
        tags: item.tags,
    }
}

#[post("/bulk")]
async fn bulk(items: Vec<Item>) -> Count {
    Count { count: items.len() }
}

#[get("/clients")]
async fn clients() -> ClientsResponse {
    build_clients()
}

#[get("/burn")]
async fn burn_route(ms: u64) -> String {
    burn_for(ms);
    "OK".to_owned()
}

/// Holds its thread without computing.
#[get("/sleep")]
async fn sleep(ms: u64) -> String {
    std::thread::sleep(Duration::from_millis(ms));
    "OK".to_owned()
}

/// Computes so much, however long it takes.
#[get("/work")]
async fn work(units: u64) -> String {
    let mut x = 1u64;
    for _ in 0..units * 1000 {
        x = black_box(x.wrapping_mul(6364136223846793005).wrapping_add(1));
    }
    "OK".to_owned()
}

/// Waits for something that only so many can use at a time.
#[get("/wait", max_in_flight = 32)]
async fn wait(ms: u64) -> String {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    "OK".to_owned()
}

/// As `wait`, without the limit.
#[get("/pause")]
async fn pause(ms: u64) -> String {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    "OK".to_owned()
}

/// 16 MiB that are made while they are sent.
#[get("/report", response_class = StreamingResponse)]
async fn report() -> impl Iterator<Item = String> {
    std::iter::repeat_with(|| "x".repeat(1 << 16)).take(256)
}

#[aplomb::main]
async fn main() -> Result<()> {
    let mut app = App::new();
    if std::env::var_os("INLINE").is_some() {
        // Under valgrind every poll is so slow that measuring would keep all routes isolated.
        app = app.lane(aplomb::serve::Lane::Inline);
    }
    if let Ok(address) = std::env::var("MANAGEMENT") {
        app = app.management(address);
    }
    for number in 0..400 {
        let router = Router::new().prefix(format!("/r{number}"));
        app = app.include(router.routes(routes![burn_route]));
    }
    app.routes(routes![
        live,
        read_item,
        create_item,
        bulk,
        clients,
        burn_route
    ])
    .routes(routes![sleep, work, wait, pause, report])
    .quiet()
    .serve()
    .await
}
