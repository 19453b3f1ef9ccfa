//! Deadlines: who grants how much, what happens at the end of it, and what it does not cover.

#[path = "deadline/middleware.rs"]
mod middleware;

use std::future::pending;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aplomb::app::Compat;
use aplomb::deadline::TimeLimit;
use aplomb::prelude::*;
use aplomb::testing::{TestClient, TestResponse};
use tokio::time::sleep;

const SHORT: Duration = Duration::from_millis(30);
/// Longer than the short one, and shorter than any that is not.
const PAST: Duration = Duration::from_millis(120);

#[get("/usual")]
async fn usual() -> &'static str {
    sleep(PAST).await;
    "done"
}

#[get("/longer", deadline = "20s")]
async fn longer() -> &'static str {
    sleep(PAST).await;
    "done"
}

#[get("/endless", deadline = "none")]
async fn endless() -> &'static str {
    sleep(PAST).await;
    "done"
}

#[get("/shorter", deadline = "30ms")]
async fn shorter() -> &'static str {
    sleep(PAST).await;
    "done"
}

fn get(client: &TestClient, path: &str) -> u16 {
    client.get(path).send().status()
}

#[test]
fn the_innermost_that_says_something_counts() {
    let all = || routes![usual, longer, endless, shorter];
    let statuses = |app: App| {
        let client = TestClient::new(app);
        ["/usual", "/longer", "/endless", "/shorter"].map(|path| get(&client, path))
    };
    assert_eq!(statuses(App::new().routes(all())), [200, 200, 200, 504]);
    let app = App::new().deadline(SHORT).routes(all());
    assert_eq!(statuses(app), [504, 200, 200, 504]);
    let router = Router::new().deadline(SHORT).routes(all());
    let app = App::new().deadline(TimeLimit::None).include(router);
    assert_eq!(statuses(app), [504, 200, 200, 504]);
    let router = Router::new().deadline(TimeLimit::None).routes(all());
    let app = App::new().deadline(SHORT).include(router);
    assert_eq!(statuses(app), [200, 200, 200, 504]);
    let of_route = all().map(|route| route.deadline(SHORT));
    assert_eq!(statuses(App::new().routes(of_route)), [504; 4]);
}

#[test]
fn whoever_asks_can_wait_for_less_and_not_for_more() {
    let client = TestClient::new(App::new().deadline(SHORT).routes(routes![usual, longer]));
    let status = |path, name, value| client.get(path).header(name, value).send().status();
    for (name, value) in [
        ("x-request-timeout-ms", "30"),
        ("grpc-timeout", "30m"),
        ("x-envoy-expected-rq-timeout-ms", "30"),
    ] {
        assert_eq!(status("/longer", name, value), 504, "{name}");
    }
    assert_eq!(status("/longer", "x-request-timeout-ms", "20000"), 200);
    assert_eq!(status("/longer", "x-request-timeout-ms", "soon"), 200);
    assert_eq!(status("/usual", "x-request-timeout-ms", "20000"), 504);
}

#[get("/at-once")]
async fn at_once() -> &'static str {
    std::thread::sleep(PAST);
    "done"
}

#[test]
fn what_never_waits_is_answered_even_when_it_is_late() {
    let client = TestClient::new(App::new().deadline(SHORT).routes(routes![at_once]));
    assert_eq!(get(&client, "/at-once"), 200);
}

#[test]
fn fastapi_waits_for_ever() {
    let app = || {
        App::new()
            .compat(Compat::Exact)
            .routes(routes![usual, left])
    };
    let client = TestClient::new(app());
    client
        .get("/left")
        .send()
        .assert_json(200, json!([null, 0]));
    let client = TestClient::new(app().deadline(SHORT));
    assert_eq!(
        get(&client, "/usual"),
        504,
        "unless somebody asks for a deadline"
    );
}

#[get("/left")]
async fn left(deadline: Deadline) -> (Option<u64>, usize) {
    let left = deadline.remaining().map(|left| left.as_millis() as u64);
    (left, deadline.headers().len())
}

#[get("/passed-on")]
async fn passed_on(deadline: Deadline) -> Value {
    let before = deadline.remaining();
    sleep(SHORT).await;
    let after = deadline.remaining();
    let header = &deadline.headers()[Deadline::HEADER];
    let header: u128 = header.to_str().expect("digits").parse().expect("a number");
    assert!(before.expect("a deadline") >= after.expect("a deadline") + SHORT);
    assert!(after.expect("a deadline").as_millis() >= header && header > 0);
    json!("done")
}

#[test]
fn handlers_see_what_is_left() {
    let client = TestClient::new(App::new().routes(routes![left, passed_on]));
    let left = |headers: &[(&str, &str)]| {
        let mut request = client.get("/left");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let left = request.send().json();
        assert_eq!(left[1], 1);
        left[0].as_u64().expect("a deadline")
    };
    assert!((5_000..=10_000).contains(&left(&[])), "ten seconds");
    assert!(left(&[("grpc-timeout", "4S")]) <= 4_000);
    assert_eq!(get(&client, "/passed-on"), 200);
}

/// What happened, in order.
type Log = Mutex<Vec<&'static str>>;

#[dependency]
async fn session(log: State<Arc<Log>>, give: Yield<()>) -> Result<()> {
    let ((), outcome) = give.lend(()).await;
    let what = match outcome {
        Outcome::Ok => "ok",
        Outcome::Failed(_) => "failed",
        Outcome::Cancelled => "cancelled",
    };
    log.lock().expect("the lock").push(what);
    Ok(())
}

#[post("/stuck")]
async fn stuck(_session: Depends<session>, tasks: BackgroundTasks, log: State<Arc<Log>>) {
    let log = Arc::clone(&log);
    tasks.add(async move { log.lock().expect("the lock").push("background") });
    pending::<()>().await;
}

#[tokio::test]
async fn clean_up_runs_and_is_told() {
    let log: Arc<Log> = Arc::default();
    let app = App::new().state(Arc::clone(&log)).routes(routes![stuck]);
    let client = aplomb::testing::AsyncTestClient::new(app.deadline(SHORT));
    let answer = client.post("/stuck").send().await;
    assert_eq!(answer.status(), 504);
    for _ in 0..1000 {
        if !log.lock().expect("the lock").is_empty() {
            break;
        }
        sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(*log.lock().expect("the lock"), ["cancelled"]);
}

#[dependency]
async fn slow_pool() -> Result<()> {
    pending::<Result<()>>().await
}

#[get("/pool")]
async fn pool(_pool: Depends<slow_pool>) {}

#[post("/clean-up")]
async fn cleaning(_slow: Depends<slow_to_clean>) {}

#[dependency(scope = "function")]
async fn slow_to_clean(give: Yield<()>) -> Result<()> {
    give.lend(()).await;
    pending::<Result<()>>().await
}

#[test]
fn the_answer_names_the_phase_that_ate_the_time() {
    let app = App::new()
        .deadline(SHORT)
        .routes(routes![pool, cleaning, words]);
    let client = TestClient::new(app);
    for (method, path, phase) in [
        ("GET", "/pool", "dependencies"),
        ("POST", "/clean-up", "clean-up"),
        ("GET", "/words", "handler"),
    ] {
        let answer = client.request(method, path).send();
        let detail = answer.json()["detail"].as_str().map(str::to_owned);
        let detail = detail.expect("a detail");
        assert!(
            detail.ends_with(&format!("went to: {phase}")),
            "{path}: {detail}"
        );
    }
}

#[get("/words")]
async fn words() {
    pending::<()>().await;
}

#[test]
fn the_answer_has_the_shape_of_every_error_and_can_be_worded() {
    let app = || App::new().deadline(SHORT).routes(routes![words]);
    let detail = |answer: TestResponse| answer.json()["detail"].as_str().map(str::to_owned);
    let answer = TestClient::new(app()).get("/words").send();
    assert_eq!(answer.status(), 504);
    let detail = detail(answer).expect("a detail");
    assert!(detail.starts_with("No answer within"), "{detail}");
    assert!(detail.ends_with("went to: handler"), "{detail}");
    let app = app().status_handler(504, |_, _| async { Response::text("later").status(504) });
    let answer = TestClient::new(app).get("/words").send();
    assert_eq!((answer.status(), &*answer.text()), (504, "later"));
}

static ENDED: AtomicUsize = AtomicUsize::new(0);
static GO_ON: AtomicBool = AtomicBool::new(false);

#[get("/blocking")]
fn blocking() -> &'static str {
    while !GO_ON.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(1));
    }
    ENDED.fetch_add(1, Ordering::SeqCst);
    "done"
}

#[test]
fn nobody_waits_for_a_thread() {
    let client = TestClient::new(App::new().deadline(SHORT).routes(routes![blocking]));
    assert_eq!(get(&client, "/blocking"), 504);
    assert_eq!(ENDED.load(Ordering::SeqCst), 0);
    GO_ON.store(true, Ordering::SeqCst);
    for _ in 0..5000 {
        if ENDED.load(Ordering::SeqCst) == 1 {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("it goes on to its end");
}

#[get("/stream")]
async fn stream() -> JsonLines<impl Stream<Item = u8>> {
    JsonLines(generate(async |lines| {
        for line in 0..4_u8 {
            sleep(SHORT).await;
            lines.send(line).await;
        }
    }))
}

#[test]
fn a_stream_goes_on_after_its_beginning() {
    let client = TestClient::new(App::new().deadline(SHORT).routes(routes![stream]));
    let answer = client.get("/stream").send();
    assert_eq!((answer.status(), &*answer.text()), (200, "0\n1\n2\n3\n"));
}

#[websocket("/talk")]
async fn talk(socket: WebSocket) -> Result<()> {
    socket.accept().await?;
    sleep(PAST).await;
    socket.send_text("still here").await?;
    Ok(())
}

#[websocket("/mute")]
async fn mute(_socket: WebSocket) -> Result<()> {
    pending().await
}

#[websocket("/patient", deadline = "20s")]
async fn patient(socket: WebSocket) -> Result<()> {
    sleep(PAST).await;
    socket.accept().await?;
    Ok(())
}

#[test]
fn a_conversation_goes_on_after_its_beginning() {
    let client = TestClient::new(
        App::new()
            .deadline(SHORT)
            .routes(routes![talk, mute, patient]),
    );
    let mut socket = client.websocket("/talk").connect();
    assert_eq!(socket.receive_text(), "still here");
    let refused = client.websocket("/mute").refused();
    assert_eq!(refused.status(), 504);
    client.websocket("/patient").connect();
}

#[test]
fn services_below_a_path_have_deadlines_too() {
    let foreign = tower::service_fn(|_: http::Request<aplomb::http::Body>| async {
        sleep(PAST).await;
        Ok::<_, std::convert::Infallible>(http::Response::new(aplomb::http::Body::from("done")))
    });
    let own = App::new().routes(routes![usual, longer]);
    let app = App::new()
        .mount("/foreign", foreign)
        .mount("/own", own.build());
    let client = TestClient::new(app.deadline(SHORT));
    let answer = client.get("/foreign/x").send();
    assert_eq!(answer.status(), 504);
    assert!(answer.json()["detail"].as_str().is_some());
    assert_eq!(
        get(&client, "/own/usual"),
        504,
        "what is said above holds below"
    );
    assert_eq!(
        get(&client, "/own/longer"),
        200,
        "unless it is said otherwise"
    );
    let patient = Router::new()
        .deadline(Duration::from_secs(20))
        .mount("/foreign", foreign);
    let client = TestClient::new(App::new().deadline(SHORT).include(patient));
    assert_eq!(get(&client, "/foreign/x"), 200);
}
