//! The test clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aplomb::http::{Body, Cookie};
use aplomb::prelude::*;
use aplomb::testing::{AsyncTestClient, TestClient};

#[get("/seen")]
async fn seen(request: Request) -> Value {
    let client = request
        .client()
        .map(|client| format!("{}:{}", client.host, client.port));
    json!({
        "url": request.url(),
        "client": client,
        "agent": request.header("user-agent"),
        "cookie": request.header("cookie"),
        "length": request.header("content-length"),
    })
}

#[route("/echo", methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])]
async fn echo(request: Request) -> Response {
    let body = request.body().await.unwrap_or_default();
    let kind = request.header("content-type").unwrap_or("none").to_owned();
    Response::text(body)
        .header("x-method", request.method().as_str())
        .header("x-kind", kind)
}

#[get("/login")]
async fn login(path: Option<String>) -> Response {
    let path = path.unwrap_or_else(|| "/".to_owned());
    let cookie = |name: &'static str| Cookie::new(name, "1").path(Some(path.clone().into()));
    Response::text("in")
        .set_cookie(&cookie("session"))
        .set_cookie(&cookie("tls").secure())
}

#[get("/logout")]
async fn logout() -> Response {
    Response::text("out").set_cookie(&Cookie::removal("session"))
}

#[route("/go/{status}", methods = ["GET", "POST"])]
async fn go(status: u16, to: String) -> Response {
    Response::redirect(&to, status)
}

#[get("/error")]
async fn error() -> Result<()> {
    Err(std::io::Error::other("the disk is full").into())
}

#[get("/panic")]
async fn panics() {
    panic!("out of cheese");
}

#[get("/stream")]
async fn stream() -> Response {
    let pieces = ["one", "two"].map(Ok::<_, std::io::Error>);
    Response::new(Body::from_stream(futures_util::stream::iter(pieces)))
}

#[get("/background")]
async fn background(tasks: BackgroundTasks, done: State<AtomicU32>) {
    tasks.add(async move {
        tokio::task::yield_now().await;
        done.fetch_add(1, Ordering::SeqCst);
    });
}

#[get("/done")]
async fn done(done: State<AtomicU32>) -> u32 {
    done.load(Ordering::SeqCst)
}

fn app() -> App {
    App::new().state(AtomicU32::new(0)).routes(routes![
        seen, echo, login, logout, go, error, panics, stream, background, done
    ])
}

#[test]
fn a_request_looks_like_one_of_starlettes_client() {
    let client = TestClient::new(app());
    client.get("/seen?a=b c").send().assert_json(
        200,
        json!({
            "url": "http://testserver/seen?a=b%20c",
            "client": "testclient:50000",
            "agent": "testclient",
            "cookie": null,
            "length": null,
        }),
    );
    let client = client
        .base_url("https://shop.example:8443")
        .client("10.0.0.1", 7);
    let seen = client
        .get("/seen")
        .header("user-agent", "other")
        .send()
        .json();
    assert_eq!(seen["url"], "https://shop.example:8443/seen");
    assert_eq!(seen["client"], "10.0.0.1:7");
    assert_eq!(seen["agent"], "other");
}

#[test]
fn bodies_are_sent_with_their_type() {
    let client = TestClient::new(app());
    let sent = client.post("/echo").json(&json!({"a": [1, null]})).send();
    sent.assert_header("x-kind", "application/json");
    assert_eq!(sent.text(), r#"{"a":[1,null]}"#);
    let sent = client.put("/echo").form([("a", "b c"), ("d", "é")]).send();
    sent.assert_header("x-kind", "application/x-www-form-urlencoded");
    assert_eq!(sent.text(), "a=b+c&d=%C3%A9");
    let sent = client
        .patch("/echo")
        .header("content-type", "a/b")
        .body("raw")
        .send();
    sent.assert_header("x-kind", "a/b")
        .assert_header("x-method", "PATCH");
    assert_eq!(sent.bytes(), "raw");
    client
        .delete("/echo")
        .send()
        .assert_header("x-method", "DELETE");
    client
        .options("/echo")
        .send()
        .assert_header("x-method", "OPTIONS");
    client
        .request("GET", "/echo")
        .send()
        .assert_header("x-method", "GET");
}

#[test]
fn cookies_are_kept_sent_where_they_belong_and_forgotten() {
    let client = TestClient::new(app());
    let cookie = |client: &TestClient| client.get("/seen").send().json()["cookie"].clone();
    let login = client.get("/login").send();
    assert_eq!(
        (login.cookie("session"), login.cookie("other")),
        (Some("1"), None)
    );
    assert_eq!(cookie(&client), "session=1", "`tls` is for https");
    let seen = client.get("/seen").cookie("own", "2").send().json();
    assert_eq!(seen["cookie"], "session=1; own=2");
    client.get("/logout").send();
    assert_eq!(cookie(&client), Value::Null);
    client.get("/login?path=/elsewhere").send();
    assert_eq!(cookie(&client), Value::Null);
    client.clear_cookies();
    client.set_cookie("mine", "3");
    assert_eq!(client.cookie("mine").as_deref(), Some("3"));
    assert_eq!(cookie(&client), "mine=3");
    let secure = TestClient::new(app()).base_url("https://testserver");
    secure.get("/login").send();
    assert_eq!(cookie(&secure), "session=1; tls=1");
}

#[test]
fn redirects_are_followed_as_browsers_do() {
    let client = TestClient::new(app());
    let post = |status: u16| {
        let request = client
            .post(&format!("/go/{status}"))
            .query([("to", "/echo")]);
        request.json("x").send()
    };
    for (status, method, body) in [
        (301, "GET", ""),
        (302, "GET", ""),
        (303, "GET", ""),
        (307, "POST", "\"x\""),
        (308, "POST", "\"x\""),
    ] {
        let response = post(status);
        response
            .assert_status(200)
            .assert_header("x-method", method);
        assert_eq!(response.text(), body, "{status}");
        assert_eq!(response.url(), "http://testserver/echo");
        assert_eq!(response.history()[0].status(), status);
    }
    let stay = client
        .get("/go/302?to=/echo")
        .follow_redirects(false)
        .send();
    stay.assert_status(302).assert_header("location", "/echo");
    let stay = TestClient::new(app()).follow_redirects(false);
    stay.get("/go/307?to=/echo").send().assert_status(307);
    let twice = client.get("/go/302?to=%3Fto%3D/done").send();
    assert_eq!(
        (twice.url(), twice.history().len()),
        ("http://testserver/done", 2)
    );
}

#[test]
fn slash_redirects_end_at_the_route() {
    let client = TestClient::new(app());
    let response = client.get("/done/").send();
    response.assert_json(200, 0);
    assert_eq!(response.url(), "http://testserver/done");
}

#[test]
#[should_panic(
    expected = "GET http://testserver/error failed with an error that nobody handles: the disk is full"
)]
fn an_unhandled_error_fails_the_test() {
    TestClient::new(app()).get("/error").send();
}

#[test]
#[should_panic(expected = "out of cheese")]
fn a_panic_fails_the_test() {
    TestClient::new(app()).get("/panic").send();
}

#[test]
fn errors_and_panics_are_answered_with_500_when_asked_for() {
    let client = TestClient::new(app()).raise_server_exceptions(false);
    for path in ["/error", "/panic"] {
        let response = client.get(path).send();
        response.assert_status(500);
        response.assert_header("content-type", "text/plain; charset=utf-8");
        assert_eq!(response.text(), "Internal Server Error");
    }
    client.get("/done").send().assert_json(200, 0);
}

#[test]
fn a_handled_error_does_not_fail_the_test() {
    let app = app().exception_handler(|_, error: aplomb::app::Raised<std::io::Error>| {
        let text = error.to_string();
        async move { Response::text(text).status(507) }
    });
    let response = TestClient::new(app).get("/error").send();
    assert_eq!(
        (response.status(), &*response.text()),
        (507, "the disk is full")
    );
}

#[test]
fn streams_are_read_and_background_tasks_run_before_the_answer_is_there() {
    let client = TestClient::new(app());
    assert_eq!(client.get("/stream").send().text(), "onetwo");
    client
        .get("/background")
        .send()
        .assert_json(200, Value::Null);
    client.get("/done").send().assert_json(200, 1);
}

#[test]
fn an_answer_to_head_has_no_body() {
    let client = TestClient::new(App::new());
    let response = client.head("/openapi.json").send();
    assert!(response.bytes().is_empty());
}

#[test]
#[should_panic(
    expected = "expected 201, got 404 from http://testserver/x: {\"detail\":\"Not Found\"}"
)]
fn a_wrong_status_shows_the_body() {
    TestClient::new(app()).get("/x").send().assert_status(201);
}

#[test]
#[should_panic(expected = "expected: {\"detail\":\"Gone\"}\n     got: {\"detail\":\"Not Found\"}")]
fn a_wrong_body_shows_both() {
    TestClient::new(app())
        .get("/x")
        .send()
        .assert_json(404, json!({"detail": "Gone"}));
}

#[test]
fn lifespan_runs_around_the_client() {
    let (up, down) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (start, stop) = (Arc::clone(&up), Arc::clone(&down));
    let app = app()
        .on_startup(move || {
            start.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        })
        .on_shutdown(move || {
            stop.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        });
    let counts = || (up.load(Ordering::SeqCst), down.load(Ordering::SeqCst));
    let client = TestClient::new(app);
    client.get("/done").send().assert_status(200);
    assert_eq!(counts(), (0, 0));
    let client = client.with_lifespan();
    client.get("/done").send().assert_status(200);
    assert_eq!(counts(), (1, 0));
    drop(client);
    assert_eq!(counts(), (1, 1));
}

#[tokio::test]
async fn both_clients_work_inside_a_runtime() {
    let client = TestClient::new(app());
    client.get("/done").send().assert_json(200, 0);
    client.set_cookie("a", "1");
    let client = client.asynchronous();
    let seen = client.get("/seen").send().await.json();
    assert_eq!(seen["cookie"], "a=1");
    let client = AsyncTestClient::new(app()).raise_server_exceptions(false);
    client.get("/error").send().await.assert_status(500);
}
