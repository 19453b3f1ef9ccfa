//! The deadline of what stands around routes.

use std::sync::atomic::{AtomicUsize, Ordering};

use aplomb::middleware::Next;

use super::*;

async fn hang_before(_: Request, _: Next) -> Result<Response> {
    pending().await
}

async fn hang_after(request: Request, next: Next) -> Result<Response> {
    next.run(request).await?;
    pending().await
}

async fn wait_before(request: Request, next: Next) -> Result<Response> {
    sleep(PAST).await;
    next.run(request).await
}

async fn wait_after(request: Request, next: Next) -> Result<Response> {
    let answer = next.run(request).await;
    sleep(PAST).await;
    answer
}

#[get("/quick")]
async fn quick() -> &'static str {
    "done"
}

#[get("/quick/longer", deadline = "20s")]
async fn quick_longer() -> &'static str {
    "done"
}

#[get("/quick/endless", deadline = "none")]
async fn quick_endless() -> &'static str {
    "done"
}

#[get("/quick/shorter", deadline = "30ms")]
async fn quick_shorter() -> &'static str {
    "done"
}

fn app() -> App {
    App::new().routes(routes![quick, quick_longer, quick_endless, quick_shorter])
}

/// What the answer says of the time.
fn phase(answer: &TestResponse) -> String {
    assert_eq!(answer.status(), 504);
    let detail = answer.json()["detail"].as_str().map(str::to_owned);
    let detail = detail.expect("a detail");
    let (_, phase) = detail.split_once("went to: ").expect("a phase");
    phase.to_owned()
}

#[test]
fn middleware_that_hangs_is_given_up_and_named() {
    let apps = [
        app().middleware(hang_before),
        app().middleware(hang_after),
        App::new().include(Router::new().middleware(hang_before).routes(routes![quick])),
        App::new().include(Router::new().middleware(hang_after).routes(routes![quick])),
    ];
    for (number, app) in apps.into_iter().enumerate() {
        let client = TestClient::new(app.deadline(SHORT).server_timing(true));
        let answer = client.get("/quick").send();
        assert_eq!(phase(&answer), "middleware", "{number}");
        let timing = answer.header("server-timing").unwrap_or_default();
        let (_, time) = timing.split_once("middleware;dur=").expect("a time");
        let time = time.split(',').next().and_then(|time| time.parse().ok());
        assert!(time >= Some(20.0_f64), "{number}: {timing}");
    }
}

#[test]
fn layers_and_whoever_answers_errors_are_given_up_too() {
    let layer = tower::limit::GlobalConcurrencyLimitLayer::new(0);
    let client = TestClient::new(app().layer(layer).deadline(SHORT));
    assert_eq!(phase(&client.get("/quick").send()), "middleware");
    let app = app().status_handler(404, |_, _| pending::<Response>());
    let client = TestClient::new(app.deadline(SHORT));
    assert_eq!(phase(&client.get("/nowhere").send()), "middleware");
}

#[derive(Debug)]
struct Fault;

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a fault")
    }
}

impl std::error::Error for Fault {}

#[get("/fault")]
async fn fault() -> Result<()> {
    Err(Fault.into())
}

/// Past its deadline without having waited.
#[get("/late-fault", deadline = "30ms")]
async fn late_fault() -> Result<()> {
    std::thread::sleep(PAST);
    Err(Fault.into())
}

#[get("/patient-fault", deadline = "20s")]
async fn patient_fault() -> Result<()> {
    Err(Fault.into())
}

#[test]
fn whoever_answers_what_nobody_expects_is_given_up_too() {
    let app = || App::new().routes(routes![fault]).deadline(SHORT);
    let send = |app: App, path: &str| {
        let client = TestClient::new(app).raise_server_exceptions(false);
        let begun = std::time::Instant::now();
        let answer = client.get(path).send();
        assert!(begun.elapsed() < Duration::from_secs(10), "{path}");
        answer
    };
    let answer = send(
        app().status_handler(500, |_, _| pending::<Response>()),
        "/fault",
    );
    assert_eq!(phase(&answer), "middleware");
    let below = app().status_handler(500, |_, _| pending::<Response>());
    let answer = send(App::new().mount("/below", below.build()), "/below/fault");
    assert_eq!(phase(&answer), "middleware");
    // The answer that nobody words in time is that which was to be worded.
    let hangs = app().middleware(hang_before);
    let hangs = hangs.status_handler(504, |_, _| pending::<Response>());
    assert_eq!(phase(&send(hangs, "/fault")), "middleware");
}

#[test]
fn whoever_answers_what_nobody_expects_has_the_time_of_the_route_and_a_second_at_least() {
    async fn word(_: Request, _: aplomb::Error) -> Response {
        sleep(PAST).await;
        Response::text("worded").status(500)
    }
    let app = App::new().routes(routes![late_fault, patient_fault]);
    let app = app.status_handler(500, word).deadline(SHORT);
    let client = TestClient::new(app).raise_server_exceptions(false);
    for path in ["/late-fault", "/patient-fault"] {
        let answer = client.get(path).send();
        assert_eq!(
            (answer.status(), &*answer.text()),
            (500, "worded"),
            "{path}"
        );
    }
    let app = App::new().routes(routes![patient_fault]).deadline(SHORT);
    let longer = |_, _| async {
        sleep(Duration::from_millis(1200)).await;
        Response::text("worded").status(500)
    };
    let client = TestClient::new(app.status_handler(500, longer)).raise_server_exceptions(false);
    assert_eq!(client.get("/patient-fault").send().text(), "worded");
}

#[test]
fn the_route_says_how_long_its_middleware_may_take() {
    let statuses = |app: App| {
        let client = TestClient::new(app);
        let paths = [
            "/quick",
            "/quick/longer",
            "/quick/endless",
            "/quick/shorter",
        ];
        paths.map(|path| get(&client, path))
    };
    let before = || app().middleware(wait_before);
    let after = || app().middleware(wait_after);
    assert_eq!(statuses(before().deadline(SHORT)), [504, 200, 200, 504]);
    assert_eq!(statuses(after().deadline(SHORT)), [504, 200, 200, 504]);
    assert_eq!(statuses(before()), [200, 200, 200, 504]);
    assert_eq!(statuses(after()), [200, 200, 200, 504]);
}

#[test]
fn routes_of_mounted_applications_are_known_to_the_middleware_above() {
    let below = app().deadline(Duration::from_secs(20));
    let above = App::new().mount("/below", below.build()).deadline(SHORT);
    let client = TestClient::new(above.middleware(wait_before).root_path("/api"));
    for (path, status) in [
        ("/below/quick", 200),
        ("/api/below/quick", 200),
        ("/below/quick/endless", 200),
        ("/below/quick/shorter", 504),
        ("/nowhere", 504),
    ] {
        assert_eq!(get(&client, path), status, "{path}");
    }
    let below = app().middleware(wait_before).deadline(SHORT);
    let client = TestClient::new(App::new().mount("/below", below.build()));
    assert_eq!(get(&client, "/below/quick"), 504);
    assert_eq!(get(&client, "/below/quick/longer"), 200);
}

#[test]
fn who_rewrites_the_target_gets_the_time_of_the_other_route() {
    async fn rewrite(mut request: Request, next: Next) -> Result<Response> {
        request.head_mut().parts.uri = "/quick/longer".parse().expect("a target");
        let answer = next.run(request).await;
        sleep(PAST).await;
        answer
    }
    let client = TestClient::new(app().middleware(rewrite).deadline(SHORT));
    assert_eq!(get(&client, "/quick"), 200);
}

#[test]
fn whoever_asks_can_wait_for_less_of_middleware_too() {
    let client = TestClient::new(app().middleware(hang_before));
    let answer = client.get("/quick").header("x-request-timeout-ms", "30");
    assert_eq!(phase(&answer.send()), "middleware");
}

#[test]
fn middleware_may_still_pass_on_that_an_operation_was_late() {
    async fn note(request: Request, next: Next) -> Result<Response> {
        let answer = next.run(request).await?;
        sleep(PAST).await;
        Ok(answer.header("x-noted", "yes"))
    }
    let app = App::new().deadline(SHORT).routes(routes![words]);
    let answer = TestClient::new(app.middleware(note)).get("/words").send();
    assert_eq!(phase(&answer), "handler");
    assert_eq!(answer.header("x-noted"), Some("yes"));
}

#[test]
fn the_504_of_middleware_can_be_worded() {
    let app = app().middleware(hang_before).deadline(SHORT);
    let app = app.status_handler(504, |request, _| async move {
        let path = request.path().into_owned();
        Response::text(path).status(504)
    });
    let answer = TestClient::new(app).get("/quick").send();
    assert_eq!((answer.status(), &*answer.text()), (504, "/quick"));
}

#[test]
fn what_has_begun_is_not_cut_behind_middleware() {
    async fn pass(request: Request, next: Next) -> Result<Response> {
        tokio::task::yield_now().await;
        next.run(request).await
    }
    let app = App::new().deadline(SHORT).routes(routes![stream, talk]);
    let client = TestClient::new(app.middleware(pass).layer(tower_layer::Identity::new()));
    let answer = client.get("/stream").send();
    assert_eq!((answer.status(), &*answer.text()), (200, "0\n1\n2\n3\n"));
    let mut socket = client.websocket("/talk").connect();
    assert_eq!(socket.receive_text(), "still here");
}

#[test]
fn clean_up_behind_middleware_runs_too() {
    static CLEANED: AtomicUsize = AtomicUsize::new(0);

    #[dependency]
    async fn lent(give: Yield<()>) -> Result<()> {
        give.lend(()).await;
        CLEANED.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    #[get("/lent")]
    async fn with_lent(_lent: Depends<lent>) {}

    let app = App::new().deadline(SHORT).routes(routes![with_lent]);
    let client = TestClient::new(app.middleware(hang_after));
    assert_eq!(get(&client, "/lent"), 504);
    for _ in 0..1000 {
        if CLEANED.load(Ordering::SeqCst) == 1 {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("no clean-up");
}
