//! Who is let in: limits of the application, routers and routes, weights, and what overload does.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aplomb::http::{Body, Peer};
use aplomb::prelude::*;
use aplomb::serve::Limits;
use aplomb::{Route, Service};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{sleep, sleep_until};

/// Lets waiting handlers go on, one for each permit; and how many have begun.
#[derive(Clone)]
struct Held {
    go_on: Arc<Semaphore>,
    begun: Arc<AtomicUsize>,
}

impl Held {
    fn new() -> Self {
        let go_on = Arc::new(Semaphore::new(0));
        let begun = Arc::default();
        Self { go_on, begun }
    }

    async fn wait_until_begun(&self, count: usize) {
        for _ in 0..10_000 {
            if self.begun.load(Ordering::SeqCst) >= count {
                return;
            }
            sleep(Duration::from_millis(1)).await;
        }
        panic!("{count} handlers have not begun");
    }
}

async fn hold(held: &Held) -> Result<()> {
    held.begun.fetch_add(1, Ordering::SeqCst);
    held.go_on.acquire().await?.forget();
    Ok(())
}

macro_rules! held_routes {
    ($($attribute:meta $name:ident;)*) => {$(
        #[$attribute]
        async fn $name(held: State<Held>) -> Result<()> {
            hold(&held).await
        }
    )*};
}

held_routes! {
    get("/plain") plain;
    get("/heavy", weight = 3) heavy;
    get("/exempt", weight = 0) exempt;
    get("/one", max_in_flight = 1) one;
    get("/short", deadline = "150ms") short;
}

fn routes() -> [Route; 5] {
    routes![plain, heavy, exempt, one, short]
}

async fn ask(service: &Service, path: &str) -> Response {
    let request = http::Request::builder().uri(path).header("host", "h");
    let request = request.body(Body::empty()).expect("a request");
    service.answer(request, Peer::unknown()).await
}

fn start(service: &Service, path: &'static str) -> JoinHandle<u16> {
    let service = service.clone();
    tokio::spawn(async move { ask(&service, path).await.status_code().as_u16() })
}

async fn settle() {
    sleep(Duration::from_millis(60)).await;
}

async fn detail(response: Response) -> Value {
    let body = response.into_http().into_body();
    let body = body.collect(1000).await.expect("a body");
    aplomb::json::parse(&body).expect("JSON")["detail"].clone()
}

#[tokio::test]
async fn above_the_requests_of_the_limits_is_503_at_once() {
    let held = Held::new();
    let limits = Limits {
        requests: 3,
        ..Limits::default()
    };
    let app = App::new()
        .state(held.clone())
        .limits(limits)
        .routes(routes());
    let service = app.build();
    let first = start(&service, "/heavy");
    held.wait_until_begun(1).await;
    let refused = ask(&service, "/plain").await;
    assert_eq!(refused.status_code().as_u16(), 503);
    assert_eq!(refused.headers()["retry-after"], "1");
    assert!(detail(refused).await.as_str().is_some());
    let exempt = start(&service, "/exempt");
    held.wait_until_begun(2).await;
    assert_eq!(
        ask(&service, "/docs").await.status_code().as_u16(),
        200,
        "the pages are exempt"
    );
    assert_eq!(ask(&service, "/missing").await.status_code().as_u16(), 404);
    held.go_on.add_permits(2);
    assert_eq!(
        (first.await.expect("an end"), exempt.await.expect("an end")),
        (200, 200)
    );
    held.go_on.add_permits(1);
    assert_eq!(ask(&service, "/plain").await.status_code().as_u16(), 200);
}

#[tokio::test]
async fn others_wait_for_their_turn() {
    let held = Held::new();
    let service = App::new().state(held.clone()).routes(routes()).build();
    let asked: Vec<_> = (0..3).map(|_| start(&service, "/one")).collect();
    held.wait_until_begun(1).await;
    settle().await;
    assert_eq!(held.begun.load(Ordering::SeqCst), 1);
    for (count, one) in asked.into_iter().enumerate() {
        held.go_on.add_permits(1);
        assert_eq!(one.await.expect("an end"), 200);
        held.wait_until_begun((count + 2).min(3)).await;
    }
}

#[tokio::test]
async fn every_limit_on_the_way_holds() {
    let held = Held::new();
    let router = Router::new().max_in_flight(2).routes(routes());
    let app = App::new()
        .max_in_flight(3)
        .state(held.clone())
        .include(router);
    let service = app
        .routes(routes![plain].map(|route| route.path("/outside")))
        .build();
    let mut asked: Vec<_> = (0..3).map(|_| start(&service, "/plain")).collect();
    held.wait_until_begun(2).await;
    asked.extend((0..2).map(|_| start(&service, "/outside")));
    held.wait_until_begun(3).await;
    settle().await;
    assert_eq!(
        held.begun.load(Ordering::SeqCst),
        3,
        "two of the router, three in all"
    );
    held.go_on.add_permits(5);
    for one in asked {
        assert_eq!(one.await.expect("an end"), 200);
    }
}

#[tokio::test]
async fn who_waits_has_a_deadline_and_leaves_the_queue_with_it() {
    let held = Held::new();
    let router = Router::new().max_in_flight(1).routes(routes());
    let service = App::new().state(held.clone()).include(router).build();
    let first = start(&service, "/plain");
    held.wait_until_begun(1).await;
    let waiting = ask(&service, "/short").await;
    assert_eq!(waiting.status_code().as_u16(), 504);
    let detail = detail(waiting).await;
    let detail = detail.as_str().expect("a text");
    assert!(detail.ends_with("went to: waiting"), "{detail}");
    held.go_on.add_permits(2);
    assert_eq!(first.await.expect("an end"), 200);
    assert_eq!(ask(&service, "/plain").await.status_code().as_u16(), 200);
    assert_eq!(
        held.begun.load(Ordering::SeqCst),
        2,
        "who waited has never begun"
    );
}

#[tokio::test]
async fn nobody_waits_in_vain() {
    let held = Held::new();
    let router = Router::new().max_in_flight(1).routes(routes());
    let service = App::new().state(held.clone()).include(router).build();
    let first = start(&service, "/short");
    assert_eq!(
        first.await.expect("an end"),
        504,
        "so that it is known how long one takes"
    );
    let first = start(&service, "/plain");
    held.wait_until_begun(2).await;
    let refused = ask(&service, "/short").await;
    assert_eq!(
        refused.status_code().as_u16(),
        503,
        "twice 150 ms do not fit into 150 ms"
    );
    let patient = start(&service, "/plain");
    held.go_on.add_permits(2);
    assert_eq!(
        (first.await.expect("an end"), patient.await.expect("an end")),
        (200, 200)
    );
}

#[tokio::test]
async fn clients_that_leave_do_not_say_how_long_a_request_takes() {
    let held = Held::new();
    let router = Router::new().max_in_flight(1).routes(routes());
    let service = App::new().state(held.clone()).include(router).build();
    assert_eq!(start(&service, "/short").await.expect("an end"), 504);
    for count in 0..40 {
        let leaves = start(&service, "/short");
        held.wait_until_begun(count + 2).await;
        leaves.abort();
        assert!(leaves.await.is_err_and(|error| error.is_cancelled()));
    }
    let first = start(&service, "/plain");
    held.wait_until_begun(42).await;
    let refused = ask(&service, "/short").await;
    assert_eq!(refused.status_code().as_u16(), 503);
    held.go_on.add_permits(1);
    assert_eq!(first.await.expect("an end"), 200);
}

#[get("/quick", deadline = "1s")]
async fn quick() {
    sleep(Duration::from_millis(20)).await;
}

#[tokio::test]
async fn to_wait_at_one_gate_is_no_cost_at_another() {
    let held = Held::new();
    let router = Router::new()
        .max_in_flight(60)
        .routes(routes![quick, plain]);
    let app = App::new().max_in_flight(1).state(held.clone());
    let service = app.include(router).build();
    let asked: Vec<_> = (0..30).map(|_| start(&service, "/quick")).collect();
    for one in asked {
        // Some may not be let in, where this machine has much to do.
        one.await.expect("an end");
    }
    let first = start(&service, "/plain");
    held.wait_until_begun(1).await;
    let waits = start(&service, "/quick");
    settle().await;
    assert!(!waits.is_finished(), "there is time for it");
    held.go_on.add_permits(1);
    assert_eq!(first.await.expect("an end"), 200);
    waits.await.expect("an end");
}

const COST: Duration = Duration::from_millis(40);

#[get("/work", max_in_flight = 4)]
async fn work() {
    sleep(COST).await;
}

/// What came of some requests: how long those took that were let in, and those that were not.
#[derive(Default)]
struct Outcomes {
    accepted: Vec<Duration>,
    refused: Vec<Duration>,
}

impl Outcomes {
    fn note(&mut self, status: u16, took: Duration) {
        match status {
            200 => self.accepted.push(took),
            503 => self.refused.push(took),
            other => panic!("answered with {other}"),
        }
    }
}

fn quantile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * share) as usize]
}

/// Asks so often a second, whatever comes of it.
async fn load(service: &Service, a_second: u32, time: Duration) -> Outcomes {
    let outcomes: Arc<Mutex<Outcomes>> = Arc::default();
    let begun = Instant::now();
    let mut asked = Vec::new();
    for number in 0..a_second * time.as_millis() as u32 / 1000 {
        sleep_until((begun + Duration::from_secs(1) / a_second * number).into()).await;
        let (service, outcomes) = (service.clone(), Arc::clone(&outcomes));
        asked.push(tokio::spawn(async move {
            let asked = Instant::now();
            let status = ask(&service, "/work").await.status_code().as_u16();
            outcomes
                .lock()
                .expect("the lock")
                .note(status, asked.elapsed());
        }));
    }
    for one in asked {
        one.await.expect("no panic");
    }
    std::mem::take(&mut outcomes.lock().expect("the lock"))
}

/// A hundred a second can be answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_times_too_much_harms_nobody_who_is_let_in() {
    let service = App::new().routes(routes![work]).build();
    let mut normal = load(&service, 50, Duration::from_secs(1)).await;
    assert!(normal.refused.is_empty());
    let usual = quantile(&mut normal.accepted, 0.5);
    let begun = Instant::now();
    let mut overload = load(&service, 500, Duration::from_secs(5)).await;
    let took = begun.elapsed();
    let most = (took.as_secs_f64() / usual.as_secs_f64() * 4.0) as usize;
    let accepted = overload.accepted.len();
    assert!(
        accepted * 4 > most * 3,
        "{accepted} of {most} that were possible"
    );
    let refused = overload.refused.len();
    assert!(refused > accepted, "{refused} refused, {accepted} accepted");
    // The queue that the first half second has made is let go of, so nine in ten have not met it.
    let slow = quantile(&mut overload.accepted, 0.75);
    assert!(slow < usual * 3, "{slow:?} against {usual:?} usually");
    let fast = quantile(&mut overload.refused, 0.75);
    assert!(fast < usual / 2, "refused after {fast:?}");
    sleep(COST * 4).await;
    let mut after = load(&service, 50, Duration::from_secs(1)).await;
    assert!(
        after.refused.is_empty(),
        "{} refused afterwards",
        after.refused.len()
    );
    assert!(quantile(&mut after.accepted, 0.5) < usual * 2);
}
