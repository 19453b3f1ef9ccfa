//! What holds for a whole service: its limits, its errors, the work around its answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aplomb::http::{Body, Redirect};
use aplomb::prelude::*;
use aplomb::serve::Limits;
use aplomb::testing::TestClient;

#[post("/words")]
async fn words(words: Vec<String>) -> usize {
    words.len()
}

#[test]
fn a_body_above_the_limit_is_413_without_the_server_too() {
    let limits = Limits {
        body_bytes: 8,
        ..Limits::default()
    };
    let client = TestClient::new(App::new().limits(limits).routes(routes![words]));
    let write = |body: &'static str| {
        let request = client.post("/words").body(body);
        request.header("content-type", "application/json")
    };
    assert_eq!(write("[\"abcd\"]").send().json(), 1);
    let announced = write("[\"abcde\"]").send();
    assert_eq!(
        (announced.status(), &*announced.text()),
        (413, "Content Too Large")
    );
    let found = write("[\"abcde\"]").header("transfer-encoding", "chunked");
    found
        .send()
        .assert_json(413, json!({"detail": "Content Too Large"}));
}

#[post("/raw")]
async fn raw(request: Request) -> Result<usize> {
    Ok(request.body().await?.len())
}

#[post("/raw-json")]
async fn raw_json(request: Request) -> Result<Value> {
    Ok(request.json().await?)
}

#[test]
fn a_handler_that_reads_the_body_itself_is_not_blamed_for_it() {
    let limits = Limits {
        body_bytes: 8,
        ..Limits::default()
    };
    let client = TestClient::new(App::new().limits(limits).routes(routes![raw, raw_json]));
    assert_eq!(client.post("/raw").body("12345678").send().json(), 8);
    let write = |path| client.post(path).header("transfer-encoding", "chunked");
    let above = write("/raw").body("123456789").send();
    above.assert_json(413, json!({"detail": "Content Too Large"}));
    let above = write("/raw-json").body("[1,2,3,4]").send();
    above.assert_json(413, json!({"detail": "Content Too Large"}));
    let broken = client.post("/raw-json").body("[1,").send();
    assert_eq!(broken.status(), 422);
    assert_eq!(broken.json()["detail"][0]["type"], "json_invalid");
}

#[get("/parts/{whole}")]
async fn parts(whole: bool, parts: ResponseParts) -> Result<Response> {
    parts.status(201);
    parts.header("x-added", "yes");
    parts.set_cookie(&Cookie::new("added", "yes"));
    if whole {
        return Ok(Response::text("as it is"));
    }
    Err(HttpException::conflict("neither").into())
}

#[get("/model")]
async fn model(parts: ResponseParts) -> String {
    parts.status(201);
    parts.header("x-added", "yes");
    "with parts".to_owned()
}

#[get("/redirect")]
async fn redirect(parts: ResponseParts) -> Redirect {
    parts.status(201);
    Redirect::to("/elsewhere")
}

#[test]
fn parts_are_added_to_models_and_not_to_responses() {
    let app = App::new().routes(routes![parts, model, redirect]);
    let client = TestClient::new(app).follow_redirects(false);
    let whole = client.get("/parts/true").send();
    assert_eq!((whole.status(), whole.header("x-added")), (200, None));
    assert_eq!(whole.header("set-cookie"), None);
    let model = client.get("/model").send();
    assert_eq!(
        (model.status(), model.header("x-added")),
        (201, Some("yes"))
    );
    assert_eq!(client.get("/redirect").send().status(), 307);
}

#[get("/chain")]
async fn chain(tasks: BackgroundTasks, count: State<AtomicU32>) {
    let later = tasks.clone();
    let count = Arc::new(count);
    tasks.add(async move {
        later.add(async move {
            count.fetch_add(1, Ordering::SeqCst);
        });
    });
}

#[get("/late")]
async fn late(tasks: BackgroundTasks, count: State<AtomicU32>) -> Response {
    let pieces = futures_util::stream::once(async move {
        tasks.add(async move {
            count.fetch_add(1, Ordering::SeqCst);
        });
        Ok::<_, std::io::Error>("piece")
    });
    Response::new(Body::from_stream(pieces))
}

type Kept = std::sync::Mutex<Option<BackgroundTasks>>;

#[get("/fails")]
async fn fails(tasks: BackgroundTasks, kept: State<Kept>) -> Result<()> {
    tasks.add(async {});
    *kept.lock().expect("no panic") = Some(tasks);
    Err(HttpException::conflict("no").into())
}

#[get("/count")]
async fn count(count: State<AtomicU32>) -> u32 {
    count.load(Ordering::SeqCst)
}

#[get("/kept")]
async fn kept(kept: State<Kept>) -> Option<usize> {
    let kept = kept.lock().expect("no panic");
    kept.as_ref().map(BackgroundTasks::len)
}

#[test]
fn work_added_late_is_done_and_that_of_a_failure_is_not() {
    let app = App::new().state(AtomicU32::new(0)).state(Kept::default());
    let client = TestClient::new(app.routes(routes![chain, late, fails, count, kept]));
    client.get("/chain").send();
    assert_eq!(client.get("/count").send().json(), 1);
    client.get("/late").send();
    assert_eq!(client.get("/count").send().json(), 2);
    assert_eq!(client.get("/fails").send().status(), 409);
    assert_eq!(client.get("/kept").send().json(), 0);
}

#[get("/fault")]
async fn fault() -> Result<()> {
    Err(std::io::Error::other("the disk is full").into())
}

#[get("/typed")]
async fn typed() -> Result<()> {
    let exception = HttpException::new(418, "short and stout")
        .header("content-type", "application/problem+json")
        .header("content-length", "1")
        .header("x-spout", "left")
        .header("x-spout", "right");
    Err(exception.into())
}

#[test]
fn an_exceptions_headers_replace_those_made_for_it() {
    let answer = TestClient::new(App::new().routes(routes![typed]))
        .get("/typed")
        .send();
    let all = |name| answer.headers().get_all(name).iter().collect::<Vec<_>>();
    assert_eq!(all("content-type"), ["application/problem+json"]);
    assert_eq!(all("content-length"), ["28"]);
    assert_eq!(all("x-spout"), ["left", "right"]);
}

fn sorry() -> App {
    let sorry = |_, _| async { Response::text("sorry").status(500) };
    App::new().status_handler(500, sorry).routes(routes![fault])
}

#[test]
fn a_handler_of_500_words_the_answer_to_a_fault() {
    let client = TestClient::new(sorry()).raise_server_exceptions(false);
    let answer = client.get("/fault").send();
    assert_eq!((answer.status(), &*answer.text()), (500, "sorry"));
}

#[test]
#[should_panic(expected = "the disk is full")]
fn a_fault_fails_a_test_though_a_handler_of_500_answers_it() {
    TestClient::new(sorry()).get("/fault").send();
}

async fn failed() -> Result<()> {
    Err(std::io::Error::other("the consequence").into())
}

#[tokio::test]
async fn the_first_failure_of_the_lifespan_is_told() {
    let app = App::new().on_shutdown(failed);
    let app = app.on_startup(|| async { Err(std::io::Error::other("the cause").into()) });
    let error = app.build().start().await.expect_err("a failure");
    assert_eq!(error.to_string(), "the cause");
}

#[tokio::test]
async fn a_taken_address_is_told_though_the_lifespan_fails_too() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("an address");
    let address = taken.local_addr().expect("an address").to_string();
    let app = App::new().address(address.as_str()).on_shutdown(failed);
    let error = app.quiet().serve().await.expect_err("a failure");
    assert_ne!(error.to_string(), "the consequence");
}
