//! Clean-up: both forms, both scopes, all outcomes, also when nobody waits for the answer.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use aplomb::depends::Exclusive;
use aplomb::http::{Body, Peer};
use aplomb::prelude::*;
use aplomb::testing::TestClient;

/// What happened, in order; shared with the test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().expect("the lock").push(what.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("the lock"))
    }
}

fn name(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Ok => "ok".to_owned(),
        Outcome::Failed(error) => format!("failed {error}"),
        Outcome::Cancelled => "cancelled".to_owned(),
    }
}

/// What clean-up fails with, where the request says so.
async fn end(request: &Request, what: &str) -> Result<()> {
    match request.query("fail") {
        Some(fail) if fail == what => Err(HttpException::new(409, format!("{what} failed")).into()),
        _ => Ok(()),
    }
}

macro_rules! lenders {
    ($($name:ident $scope:literal $value:expr;)*) => {$(
        #[dependency(scope = $scope)]
        async fn $name(log: State<Log>, request: Request, give: Yield<String>) -> Result<()> {
            log.note(concat!("open ", stringify!($name)));
            let (value, outcome) = give.lend($value.to_owned()).await;
            tokio::task::yield_now().await;
            log.note(format!("close {value} {}", name(&outcome)));
            end(&request, stringify!($name)).await
        }
    )*};
}

lenders! {
    lent_early "function" "lent_early";
    lent_late "request" "lent_late";
}

macro_rules! deferrers {
    ($($name:ident $scope:literal;)*) => {$(
        #[dependency(scope = $scope)]
        async fn $name(log: State<Log>, request: Request, cleanup: Cleanup) -> &'static str {
            for step in ["second", "first"] {
                let (log, request) = (log.clone(), request.clone());
                cleanup.defer(move |outcome| async move {
                    log.note(format!("{step} {} {}", stringify!($name), name(&outcome)));
                    if step == "second" { end(&request, stringify!($name)).await } else { Ok(()) }
                });
            }
            stringify!($name)
        }
    )*};
}

deferrers! {
    deferred_early "function";
    deferred_late "request";
}

#[get("/{how}")]
async fn all(
    how: String,
    log: State<Log>,
    tasks: BackgroundTasks,
    _a: Depends<lent_late>,
    _b: Depends<deferred_early>,
    _c: Depends<lent_early>,
    _d: Depends<deferred_late>,
) -> Result<String> {
    log.note("handler");
    let after = log.clone();
    tasks.add(async move { after.note("background") });
    match how.as_str() {
        "hangs" => std::future::pending().await,
        "panics" => panic!("out of cheese"),
        "raises" => Err(HttpException::not_found("nothing").into()),
        _ => Ok(how),
    }
}

fn service(log: &Log) -> App {
    App::new().state(log.clone()).routes(routes![all])
}

#[test]
fn a_good_end_runs_early_clean_up_then_background_tasks_then_late_clean_up() {
    let log = Log::default();
    TestClient::new(service(&log))
        .get("/x")
        .send()
        .assert_json(200, "x");
    assert_eq!(
        log.take(),
        [
            "open lent_late",
            "open lent_early",
            "handler",
            "close lent_early ok",
            "first deferred_early ok",
            "second deferred_early ok",
            "background",
            "first deferred_late ok",
            "second deferred_late ok",
            "close lent_late ok",
        ]
    );
}

#[test]
fn after_an_error_all_clean_up_runs_before_the_answer_and_no_background_task() {
    let log = Log::default();
    let client = TestClient::new(service(&log));
    client
        .get("/raises")
        .send()
        .assert_json(404, json!({"detail": "nothing"}));
    assert_eq!(
        log.take()[3..],
        [
            "close lent_early failed 404: nothing",
            "first deferred_early failed 404: nothing",
            "second deferred_early failed 404: nothing",
            "first deferred_late failed 404: nothing",
            "second deferred_late failed 404: nothing",
            "close lent_late failed 404: nothing",
        ]
    );
}

#[test]
fn an_exit_before_the_answer_replaces_it_and_the_others_learn_of_it() {
    let log = Log::default();
    let client = TestClient::new(service(&log));
    let response = client.get("/x?fail=lent_early").send();
    response.assert_json(409, json!({"detail": "lent_early failed"}));
    let end = log.take();
    assert_eq!(end[3], "close lent_early ok");
    assert_eq!(end[4], "first deferred_early failed 409: lent_early failed");
    assert_eq!(end[8], "close lent_late failed 409: lent_early failed");
    assert!(!end.contains(&"background".to_owned()));

    let response = client.get("/x?fail=deferred_early").send();
    response.assert_json(409, json!({"detail": "deferred_early failed"}));

    // After an error of the handler even late exits come before the answer.
    for late in ["lent_late", "deferred_late"] {
        let response = client.get(&format!("/raises?fail={late}")).send();
        response.assert_json(409, json!({"detail": format!("{late} failed")}));
    }
}

#[test]
fn an_exit_after_the_answer_changes_nothing() {
    let log = Log::default();
    let client = TestClient::new(service(&log));
    client
        .get("/x?fail=deferred_late")
        .send()
        .assert_json(200, "x");
    let end = log.take();
    assert_eq!(end[8], "second deferred_late ok");
    assert_eq!(end[9], "close lent_late failed 409: deferred_late failed");
}

fn request(path: &str) -> http::Request<Body> {
    let mut request = http::Request::new(Body::empty());
    *request.uri_mut() = path.parse().expect("a path");
    request
}

/// Waits until as much has happened.
async fn until(log: &Log, count: usize) -> Vec<String> {
    for _ in 0..200 {
        if log.0.lock().expect("the lock").len() >= count {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    log.take()
}

#[tokio::test]
async fn a_request_given_up_half_way_is_cleaned_up_as_cancelled() {
    let log = Log::default();
    let service = service(&log).build();
    let answer = service.answer(request("/hangs"), Peer::named("test", 1));
    let given_up = tokio::time::timeout(Duration::from_millis(50), answer).await;
    assert!(given_up.is_err());
    assert_eq!(
        until(&log, 9).await[3..],
        [
            "close lent_early cancelled",
            "first deferred_early cancelled",
            "second deferred_early cancelled",
            "first deferred_late cancelled",
            "second deferred_late cancelled",
            "close lent_late cancelled",
        ]
    );
}

#[tokio::test]
async fn clean_up_that_has_begun_ends_when_the_request_is_given_up() {
    let log = Log::default();
    let service = service(&log).build();
    let mut answer = Box::pin(service.answer(request("/raises"), Peer::named("test", 1)));
    let mut context = Context::from_waker(Waker::noop());
    // One poll gets as far as the first clean-up, which yields once in its middle.
    assert!(matches!(answer.as_mut().poll(&mut context), Poll::Pending));
    assert_eq!(log.take(), ["open lent_late", "open lent_early", "handler"]);
    drop(answer);
    let end = until(&log, 6).await;
    assert_eq!(end[0], "close lent_early failed 404: nothing");
    assert_eq!(end[5], "close lent_late cancelled");
}

#[tokio::test]
async fn a_panic_is_a_failure_to_clean_up() {
    let log = Log::default();
    let client = TestClient::new(service(&log)).raise_server_exceptions(false);
    client
        .asynchronous()
        .get("/panics")
        .send()
        .await
        .assert_status(500);
    let end = until(&log, 9).await;
    assert_eq!(
        end[3],
        "close lent_early failed a handler or dependency panicked"
    );
    assert_eq!(end.len(), 9);
}

#[tokio::test]
async fn an_answer_that_is_never_sent_is_cleaned_up_too() {
    let log = Log::default();
    let service = service(&log).build();
    let response = service.answer(request("/x"), Peer::named("test", 1)).await;
    assert_eq!(log.take().len(), 6);
    drop(response);
    assert_eq!(until(&log, 4).await[3], "close lent_late ok");
}

#[dependency]
async fn broken(_lent: Depends<lent_early>) -> Result<u8> {
    Err(HttpException::bad_request("broken").into())
}

#[get("/")]
async fn below_broken(_a: Depends<lent_late>, _b: Depends<broken>) {}

#[test]
fn an_error_of_a_dependency_reaches_the_clean_up_of_those_before_it() {
    let log = Log::default();
    let client = TestClient::new(App::new().state(log.clone()).routes(routes![below_broken]));
    client.get("/").send().assert_status(400);
    assert_eq!(
        log.take()[2..],
        [
            "close lent_early failed 400: broken",
            "close lent_late failed 400: broken"
        ]
    );
}

#[dependency]
async fn nothing_lent(give: Yield<u8>) -> Result<()> {
    drop(give);
    Ok(())
}

#[dependency]
async fn fails_to_lend(give: Yield<u8>, log: State<Log>) -> Result<()> {
    log.note("tried");
    Err(HttpException::new(503, "no connection"))?;
    give.lend(1).await;
    Ok(())
}

#[get("/nothing")]
async fn takes_nothing(_given: Depends<nothing_lent>) {}

#[get("/fails")]
async fn takes_failure(_given: Depends<fails_to_lend>) {}

#[test]
fn a_lender_may_fail_and_must_lend() {
    let log = Log::default();
    let app = App::new()
        .state(log.clone())
        .routes(routes![takes_nothing, takes_failure]);
    let client = TestClient::new(app).raise_server_exceptions(false);
    client
        .get("/fails")
        .send()
        .assert_json(503, json!({"detail": "no connection"}));
    assert_eq!(log.take(), ["tried"]);
    client.get("/nothing").send().assert_status(500);
}

#[derive(Clone, Default)]
struct Ledger(Arc<Mutex<Vec<u32>>>);

/// A transaction as sqlx has it: changed by `&mut`, ended by value.
struct Transaction {
    ledger: Ledger,
    rows: Vec<u32>,
}

impl Transaction {
    fn insert(&mut self, row: u32) {
        self.rows.push(row);
    }

    fn commit(self) {
        self.ledger.0.lock().expect("the lock").extend(self.rows);
    }
}

#[dependency(scope = "function")]
async fn transaction(ledger: State<Ledger>, give: Yield<Exclusive<Transaction>>) -> Result<()> {
    let transaction = Transaction {
        ledger: Ledger::clone(&ledger),
        rows: Vec::new(),
    };
    let (transaction, outcome) = give.lend(transaction.into()).await;
    if outcome.is_ok() {
        transaction.into_inner().commit();
    }
    Ok(())
}

#[dependency]
async fn audit(transaction: Depends<transaction>) {
    transaction.lock().await.insert(1);
}

#[post("/orders")]
async fn order(_audit: Depends<audit>, transaction: Depends<transaction>, row: u32) -> Result<u32> {
    transaction.lock().await.insert(row);
    if row > 9 {
        return Err(HttpException::bad_request("too many").into());
    }
    Ok(row)
}

#[test]
fn a_transaction_is_shared_by_lock_and_ends_by_outcome() {
    let ledger = Ledger::default();
    let client = TestClient::new(App::new().state(ledger.clone()).routes(routes![order]));
    client.post("/orders?row=2").send().assert_json(200, 2);
    client.post("/orders?row=10").send().assert_status(400);
    client.post("/orders?row=3").send().assert_status(200);
    assert_eq!(*ledger.0.lock().expect("the lock"), [1, 2, 1, 3]);
}

#[get("/keeps")]
async fn keeps(lent: Depends<lent_early>, log: State<Log>, tasks: BackgroundTasks) {
    let inner = lent.clone();
    assert_eq!(inner.into_inner(), "lent_early");
    tasks.add(async move {
        tokio::task::yield_now().await;
        log.note(format!("still has {}", *lent));
    });
}

#[tokio::test]
async fn a_clone_that_outlives_the_scope_delays_its_clean_up_and_nobody_waits() {
    let log = Log::default();
    let client = TestClient::new(App::new().state(log.clone()).routes(routes![keeps]));
    let request = client.asynchronous();
    request
        .get("/keeps?fail=lent_early")
        .send()
        .await
        .assert_status(200);
    let end = until(&log, 3).await;
    assert_eq!(
        end,
        [
            "open lent_early",
            "still has lent_early",
            "close lent_early ok"
        ]
    );
}

#[dependency]
async fn lent_elsewhere(log: State<Log>, give: Yield<String>) -> Result<()> {
    let log = (*log).clone();
    let lending = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let (value, outcome) = give.lend("from afar".to_owned()).await;
        log.note(format!("close {value} {}", name(&outcome)));
    });
    Ok(lending.await?)
}

#[get("/elsewhere")]
async fn takes_from_elsewhere(lent: Depends<lent_elsewhere>) -> String {
    lent.to_string()
}

#[test]
fn another_task_may_lend() {
    let log = Log::default();
    let app = App::new().state(log.clone());
    let client = TestClient::new(app.routes(routes![takes_from_elsewhere]));
    client
        .get("/elsewhere")
        .send()
        .assert_json(200, "from afar");
    assert_eq!(log.take(), ["close from afar ok"]);
}
