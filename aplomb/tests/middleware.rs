//! What stands around requests: the order, what it sees, and errors on their way through it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::http::HeaderValue;
use aplomb::http::Body;
use aplomb::middleware::Next;
use aplomb::prelude::*;
use aplomb::testing::TestClient;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;

#[get("/items/{item_id}")]
async fn read_item(item_id: i64, request: Request) -> Value {
    let by = request.header("x-by").map(str::to_owned);
    json!({"item_id": item_id, "by": by})
}

#[get("/failing")]
async fn failing() -> Result<()> {
    Err(std::io::Error::other("the disk is gone").into())
}

#[get("/conflict")]
async fn conflict() -> Result<()> {
    Err(HttpException::conflict("taken").into())
}

#[post("/length")]
async fn length(body: Vec<i64>) -> usize {
    body.len()
}

async fn inner(request: Request, next: Next) -> Result<Response> {
    Ok(next.run(request).await?.header("x-order", "inner"))
}

async fn outer(request: Request, next: Next) -> Result<Response> {
    Ok(next.run(request).await?.header("x-order", "outer"))
}

fn orders(response: &aplomb::testing::TestResponse) -> Vec<&str> {
    let orders = response.headers().get_all("x-order").iter();
    orders.filter_map(|order| order.to_str().ok()).collect()
}

#[test]
fn the_last_added_stands_outermost_around_everything() {
    let other = App::new().routes(routes![conflict]);
    let app = App::new()
        .routes(routes![read_item, conflict])
        .mount("/other", other.build())
        .middleware(inner)
        .middleware(outer);
    let client = TestClient::new(app).follow_redirects(false);
    for (path, status) in [
        ("/items/1", 200),
        ("/items/x", 422),
        ("/items/1/", 307),
        ("/nowhere", 404),
        ("/conflict", 409),
        ("/docs", 200),
        ("/openapi.json", 200),
        ("/other/conflict", 409),
        ("/other/nowhere", 404),
    ] {
        let response = client.get(path).send();
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(orders(&response), ["inner", "outer"], "{path}");
    }
    assert_eq!(orders(&client.post("/items/1").send()), ["inner", "outer"]);
}

#[test]
fn an_error_that_nobody_handles_is_answered_outside() {
    let app = App::new().routes(routes![failing]).middleware(inner);
    let client = TestClient::new(app).raise_server_exceptions(false);
    let response = client.get("/failing").send();
    assert_eq!(response.status(), 500);
    assert_eq!(response.text(), "Internal Server Error");
    assert!(orders(&response).is_empty());
}

#[test]
fn a_handler_of_500_answers_outside_and_sees_the_request() {
    let app = App::new()
        .routes(routes![failing])
        .middleware(inner)
        .status_handler(500, |request: Request, _| async move {
            Response::text(format!("sorry for {}", request.path())).status(500)
        });
    let client = TestClient::new(app).raise_server_exceptions(false);
    let response = client.get("/failing").send();
    assert_eq!(response.text(), "sorry for /failing");
    assert!(orders(&response).is_empty());
}

#[test]
fn a_handler_of_a_type_answers_inside() {
    let app = App::new()
        .routes(routes![failing])
        .middleware(inner)
        .exception_handler(|_, error: aplomb::app::Raised<std::io::Error>| async move {
            Response::text(error.to_string()).status(503)
        });
    let response = TestClient::new(app).get("/failing").send();
    assert_eq!(
        (response.status(), &*response.text()),
        (503, "the disk is gone")
    );
    assert_eq!(orders(&response), ["inner"]);
}

async fn refuse(_: Request, _: Next) -> Result<Response> {
    Err(HttpException::forbidden("not today").into())
}

#[test]
fn an_exception_of_a_middleware_is_an_answer_to_those_outside() {
    let app = App::new().middleware(refuse).middleware(outer);
    let response = TestClient::new(app).get("/docs").send();
    response.assert_json(403, json!({"detail": "not today"}));
    assert_eq!(orders(&response), ["outer"]);
    let app = App::new()
        .middleware(refuse)
        .status_handler(403, |request: Request, _| async move {
            Response::text(request.path().into_owned())
        });
    assert_eq!(TestClient::new(app).get("/docs").send().text(), "/docs");
}

async fn sign(mut request: Request, next: Next) -> Result<Response> {
    let kept = request.clone();
    request
        .headers_mut()
        .insert("x-by", HeaderValue::from_static("the gate"));
    assert!(kept.header("x-by").is_none());
    next.run(request).await
}

#[test]
fn a_middleware_changes_the_request() {
    let app = App::new().routes(routes![read_item]).middleware(sign);
    let response = TestClient::new(app).get("/items/3").send();
    response.assert_json(200, json!({"item_id": 3, "by": "the gate"}));
}

async fn look(_: &Response) {}

async fn measure(request: Request, next: Next) -> Result<Response> {
    let kept = request.clone();
    let response = next.run(request).await?;
    let matched = kept.matched().and_then(|matched| matched.template.clone());
    let length = kept.body().await?.len();
    // A reference to a response may be held across an `await`.
    look(&response).await;
    Ok(response
        .header("x-length", length.to_string())
        .header("x-template", &*matched.unwrap_or_default()))
}

async fn read_first(request: Request, next: Next) -> Result<Response> {
    let length = request.body().await?.len();
    Ok(next
        .run(request)
        .await?
        .header("x-read", length.to_string()))
}

#[test]
fn the_body_can_be_read_before_and_after() {
    let app = App::new()
        .routes(routes![length])
        .middleware(sign)
        .middleware(read_first)
        .middleware(measure);
    let client = TestClient::new(app);
    let response = client.post("/length").json(&json!([1, 2, 3])).send();
    assert_eq!(response.json(), 3);
    assert_eq!(response.header("x-length"), Some("7"));
    assert_eq!(response.header("x-read"), Some("7"));
}

#[test]
fn the_route_is_known_afterwards() {
    let app = App::new().routes(routes![read_item]).middleware(measure);
    let response = TestClient::new(app).get("/items/3").send();
    assert_eq!(response.header("x-template"), Some("/items/{item_id}"));
}

async fn limited(mut request: Request, next: Next) -> Result<Response> {
    let Some(body) = request.take_body() else {
        return next.run(request).await;
    };
    let mut left = 8_usize;
    let pieces = http_body_util::BodyDataStream::new(body);
    let pieces = futures_util::StreamExt::map(pieces, move |piece| {
        let piece = piece?;
        match left.checked_sub(piece.len()) {
            Some(rest) => left = rest,
            None => return Err(HttpException::new(422, json!({"code": 999})).into()),
        }
        Ok::<_, aplomb::http::BoxError>(piece)
    });
    request.set_body(Body::from_stream(pieces));
    next.run(request).await
}

#[test]
fn an_exception_raised_while_the_body_is_read_is_the_answer() {
    let app = App::new().routes(routes![length]).middleware(limited);
    let client = TestClient::new(app);
    let send = |body: Value| client.post("/length").json(&body).send();
    assert_eq!(send(json!([1, 2])).json(), 2);
    send(json!([1, 2, 3, 4, 5, 6])).assert_json(422, json!({"detail": {"code": 999}}));
}

#[test]
fn tower_layers_stand_in_the_same_row() {
    let header = SetResponseHeaderLayer::appending(
        ::http::HeaderName::from_static("x-order"),
        HeaderValue::from_static("tower"),
    );
    let app = App::new()
        .routes(routes![read_item, failing])
        .middleware(inner)
        .layer(header)
        .layer(TraceLayer::new_for_http())
        .layer(GlobalConcurrencyLimitLayer::new(4))
        .layer(TimeoutLayer::new(Duration::from_secs(5)))
        .middleware(sign)
        .middleware(outer);
    let client = TestClient::new(app).raise_server_exceptions(false);
    let response = client.get("/items/3").send();
    response.assert_json(200, json!({"item_id": 3, "by": "the gate"}));
    assert_eq!(orders(&response), ["inner", "tower", "outer"]);
    let response = client.get("/failing").send();
    assert_eq!(response.status(), 500);
    assert!(orders(&response).is_empty());
}

#[get("/later")]
async fn later(tasks: BackgroundTasks, count: State<Arc<AtomicU32>>) {
    let count = Arc::clone(&count);
    tasks.add(async move {
        count.fetch_add(1, Ordering::SeqCst);
    });
}

#[test]
fn work_after_the_response_survives_a_layer() {
    let count = Arc::new(AtomicU32::new(0));
    let app = App::new()
        .state(Arc::clone(&count))
        .routes(routes![later])
        .layer(TraceLayer::new_for_http());
    assert_eq!(TestClient::new(app).get("/later").send().status(), 200);
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

type Seen = Arc<Mutex<Vec<String>>>;

async fn note_error(request: Request, next: Next) -> Result<Response> {
    let seen = request.state::<Seen>();
    let kept = request.clone();
    match next.run(request).await {
        Err(error) if error.validation().is_some() => {
            let body = kept.body().await?;
            let body = String::from_utf8_lossy(&body).into_owned();
            if let Some(seen) = seen {
                seen.lock().expect("a lock").push(body.clone());
            }
            Err(HttpException::new(422, json!({"body": body})).into())
        }
        result => result,
    }
}

#[test]
fn middleware_of_a_router_sees_errors_as_they_are() {
    let seen = Seen::default();
    let numbers = Router::new()
        .middleware(note_error)
        .middleware(inner)
        .routes(routes![length]);
    let outside = Router::new().middleware(outer).include(numbers);
    let app = App::new()
        .state(Arc::clone(&seen))
        .include(outside)
        .routes(routes![read_item]);
    let client = TestClient::new(app);
    let response = client.post("/length").json(&json!(["a"])).send();
    response.assert_json(422, json!({"detail": {"body": "[\"a\"]"}}));
    assert_eq!(*seen.lock().expect("a lock"), ["[\"a\"]"]);
    let response = client.post("/length").json(&json!([1])).send();
    assert_eq!(orders(&response), ["inner", "outer"]);
    assert!(orders(&client.get("/items/1").send()).is_empty());
}

/// Changes a copy of the request, so that those outside hold on to another.
async fn copy(mut request: Request, next: Next) -> Result<Response> {
    let _kept = request.clone();
    request.headers_mut().remove("x-none");
    next.run(request).await
}

async fn tell_route(request: Request, next: Next) -> Result<Response> {
    let kept = request.clone();
    let response = next.run(request).await?;
    let matched = kept
        .matched()
        .and_then(|matched| matched.template.as_deref());
    Ok(response.header("x-route", matched.unwrap_or("none")))
}

#[test]
fn the_route_is_known_outside_of_copies_and_layers() {
    let layer = SetResponseHeaderLayer::overriding(
        ::http::HeaderName::from_static("x-layer"),
        HeaderValue::from_static("1"),
    );
    let app = App::new().routes(routes![read_item]);
    let app = app
        .middleware(copy)
        .layer(layer)
        .middleware(copy)
        .middleware(tell_route);
    let answer = TestClient::new(app).get("/items/7").send();
    assert_eq!(answer.header("x-route"), Some("/items/{item_id}"));
}

struct Accepted;

impl aplomb::operation::ResponseClass for Accepted {
    const MEDIA_TYPE: Option<&'static str> = Some("text/plain");
    const STATUS: u16 = 202;
}

#[get("/accepted", response_class = Accepted)]
fn accepted() -> impl Iterator<Item = String> {
    ["a".to_owned(), "b".to_owned()].into_iter()
}

#[get("/created", response_class = Accepted, status = 201)]
fn created() -> impl Iterator<Item = String> {
    ["a".to_owned()].into_iter()
}

#[test]
fn streams_have_the_status_of_their_class() {
    let client = TestClient::new(App::new().routes(routes![accepted, created]));
    assert_eq!(client.get("/accepted").send().status(), 202);
    assert_eq!(client.get("/created").send().status(), 201);
}

#[get("/slow")]
async fn slow() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[test]
fn errors_of_tower_layers_have_handlers_too() {
    use aplomb::app::Raised;
    type Elapsed = tower::timeout::error::Elapsed;

    let app = App::new()
        .routes(routes![slow])
        .layer(TimeoutLayer::new(Duration::from_millis(20)))
        .exception_handler(|_, _: Raised<std::io::Error>| async { Response::text("io") })
        .exception_handler(|_, _: Raised<Elapsed>| async { Response::text("late").status(504) });
    assert_eq!(TestClient::new(app).get("/slow").send().status(), 504);
}
