//! What is certain before clean-ups and background tasks hear of it, and who makes the answer.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aplomb::http::{Body, Peer};
use aplomb::middleware::Next;
use aplomb::prelude::*;
use aplomb::testing::TestClient;

/// What happened, in order.
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

fn lenient(app: App) -> TestClient {
    TestClient::new(app).raise_server_exceptions(false)
}

#[dependency(scope = "function")]
async fn transaction(log: State<Log>, give: Yield<()>) -> Result<()> {
    let ((), outcome) = give.lend(()).await;
    log.note(match outcome {
        Outcome::Ok => "committed",
        Outcome::Failed(_) | Outcome::Cancelled => "rolled back",
    });
    Ok(())
}

#[get("/file")]
async fn file(
    _within: Depends<transaction>,
    log: State<Log>,
    tasks: BackgroundTasks,
) -> FileResponse {
    let log = (*log).clone();
    tasks.add(async move { log.note("task") });
    FileResponse::new("there is no such file")
}

#[test]
fn a_file_that_cannot_be_opened_is_a_failure_to_clean_up_and_tasks() {
    let log = Log::default();
    let client = lenient(App::new().state(log.clone()).routes(routes![file]));
    assert_eq!(client.get("/file").send().status(), 500);
    assert_eq!(log.take(), ["rolled back"]);
}

#[dependency(scope = "function")]
async fn refused_at_last(give: Yield<()>) -> Result<()> {
    give.lend(()).await;
    Err(HttpException::conflict("somebody else was faster").into())
}

fn noting(log: &Log, what: &'static str) -> BackgroundTasks {
    let (tasks, log) = (BackgroundTasks::new(), log.clone());
    tasks.add(async move { log.note(what) });
    tasks
}

#[get("/receipt")]
async fn receipt(_within: Depends<refused_at_last>, log: State<Log>) -> Response {
    Response::text("paid").background(noting(&log, "the receipt goes out"))
}

#[test]
fn tasks_of_a_response_that_another_replaces_never_run() {
    let log = Log::default();
    let client = TestClient::new(App::new().state(log.clone()).routes(routes![receipt]));
    assert_eq!(client.get("/receipt").send().status(), 409);
    assert!(log.take().is_empty());
}

#[derive(Default)]
struct Work {
    now: AtomicUsize,
    most: AtomicUsize,
}

fn working(work: &Arc<Work>) -> BackgroundTasks {
    let (tasks, work) = (BackgroundTasks::new(), Arc::clone(work));
    tasks.add(async move {
        let now = work.now.fetch_add(1, Ordering::SeqCst) + 1;
        work.most.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(50)).await;
        work.now.fetch_sub(1, Ordering::SeqCst);
    });
    tasks
}

async fn answers(request: Request, next: Next) -> Result<Response> {
    match request.path().as_ref() {
        "/middleware" => {
            let work = request.state::<Arc<Work>>().expect("work");
            Ok(Response::text("early").background(working(&work)))
        }
        _ => next.run(request).await,
    }
}

#[get("/handled")]
async fn handled() -> Result<()> {
    Err(HttpException::new(418, "short and stout").into())
}

fn request(path: &str) -> http::Request<Body> {
    let request = http::Request::builder().uri(path).header("host", "h");
    request.body(Body::empty()).expect("a request")
}

#[tokio::test]
async fn tasks_of_middleware_and_exception_handlers_take_room_too() {
    for path in ["/middleware", "/handled"] {
        let work = Arc::new(Work::default());
        let service = App::new()
            .state(Arc::clone(&work))
            .background_tasks(1)
            .routes(routes![handled])
            .status_handler(418, |request: Request, _| async move {
                let work = request.state::<Arc<Work>>().expect("work");
                Response::text("handled").background(working(&work))
            })
            .middleware(answers)
            .build();
        let first = service.answer(request(path), Peer::unknown()).await;
        assert_eq!(work.most.load(Ordering::SeqCst), 0, "{path}");
        // There is no room while the first holds its own, so that the second does its work first.
        let second = service.answer(request(path), Peer::unknown()).await;
        assert_eq!(work.most.load(Ordering::SeqCst), 1, "{path}");
        assert_eq!(work.now.load(Ordering::SeqCst), 0, "{path}");
        drop((first.into_http(), second.into_http()));
    }
}

async fn serves_file(_: Request, _: Next) -> Result<Response> {
    Ok(FileResponse::new("Cargo.toml").conditional(true).into())
}

#[get("/")]
async fn never() {}

#[test]
fn a_file_of_a_middleware_heeds_what_the_request_says() {
    let around_all = App::new().routes(routes![never]).middleware(serves_file);
    let router = Router::new().routes(routes![never]).middleware(serves_file);
    for app in [around_all, App::new().include(router)] {
        let client = TestClient::new(app);
        let part = client.get("/").header("range", "bytes=0-8").send();
        assert_eq!((part.status(), &*part.text()), (206, "[package]"));
        let etag = client.get("/").send();
        let etag = etag.header("etag").expect("an etag");
        let again = client.get("/").header("if-none-match", etag).send();
        assert_eq!(again.status(), 304);
    }
}

#[dependency]
async fn opened(log: State<Log>, cleanup: Cleanup) {
    for name in ["first", "second", "panics", "last"] {
        let log = (*log).clone();
        cleanup.defer(move |_| async move {
            log.note(name);
            assert!(name != "panics", "in a clean-up");
            Ok(())
        });
    }
}

#[get("/stuck")]
async fn stuck(_opened: Depends<opened>) {
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_clean_up_that_panics_stops_no_other_when_the_request_is_given_up() {
    let log = Log::default();
    let service = App::new().state(log.clone()).routes(routes![stuck]).build();
    let answering = service.answer(request("/stuck"), Peer::unknown());
    let given_up = tokio::time::timeout(Duration::from_millis(50), answering).await;
    assert!(given_up.is_err());
    for _ in 0..500 {
        if log.0.lock().expect("the lock").len() == 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(log.take(), ["last", "panics", "second", "first"]);
}
