//! Other tower services below a prefix, and the app as a tower service itself.

#[path = "observe/start.rs"]
mod start;

use aplomb::prelude::*;
use aplomb::testing::TestClient;
use axum::Router as AxumRouter;
use axum::routing::{get as axum_get, post as axum_post};
use start::told_by;

#[get("/own")]
async fn own() -> String {
    "ours".to_owned()
}

fn legacy() -> AxumRouter {
    AxumRouter::new()
        .route(
            "/hello/{name}",
            axum_get(
                |name: axum::extract::Path<String>| async move { format!("hello {}", name.0) },
            ),
        )
        .route("/echo", axum_post(|body: String| async move { body }))
        .route("/", axum_get(|| async { "root" }))
}

fn client() -> TestClient {
    TestClient::new(App::new().mount("/legacy", legacy()).routes(routes![own]))
}

#[test]
fn a_mounted_axum_router_answers_below_its_prefix() {
    let client = client();
    assert_eq!(client.get("/legacy/hello/a%20b").send().text(), "hello a b");
    assert_eq!(
        client.post("/legacy/echo").body("sent on").send().text(),
        "sent on"
    );
    assert_eq!(client.get("/legacy/").send().text(), "root");
    assert_eq!(client.get("/legacy/nothing").send().status(), 404);
    assert_eq!(client.get("/own").send().json(), "ours");
}

#[test]
fn a_mount_without_its_slash_redirects_to_it() {
    let client = client().follow_redirects(false);
    let answer = client.get("/legacy").send();
    assert_eq!(answer.status(), 307);
    assert_eq!(answer.header("location"), Some("/legacy/"));
}

#[tokio::test]
async fn the_app_stands_in_an_axum_router() {
    use tower_service::Service as _;
    let mut outer = AxumRouter::new().fallback_service(App::new().routes(routes![own]).build());
    let request = http::Request::get("/own")
        .header("host", "x")
        .body(axum::body::Body::empty());
    let response = outer
        .call(request.expect("a request"))
        .await
        .expect("an answer");
    assert_eq!(response.status(), 200);
}

#[get("/where")]
async fn place(request: Request) -> Value {
    let client = request.client().map(|client| client.host);
    json!({"url": request.url(), "root": request.root_path(), "client": client})
}

fn nested() -> TestClient {
    let inner = App::new().routes(routes![own, place]);
    let middle = App::new().mount("/inner", inner.build());
    TestClient::new(App::new().mount("/sub", middle.build())).base_url("https://testserver")
}

#[test]
fn a_mounted_app_knows_where_it_is_and_who_asks() {
    let client = nested();
    let seen = client.get("/sub/inner/where").send().json();
    assert_eq!(seen["url"], "https://testserver/sub/inner/where");
    assert_eq!(seen["root"], "/sub/inner");
    assert_eq!(seen["client"], "testclient");
    let document = client.get("/sub/inner/openapi.json").send().json();
    assert_eq!(document["servers"], json!([{"url": "/sub/inner"}]));
    let page = client.get("/sub/docs").send();
    let page = page.text();
    assert!(page.contains("'/sub/openapi.json'"), "{page}");
}

#[test]
fn a_redirect_stays_inside_the_mount() {
    let client = nested().follow_redirects(false);
    let answer = client.get("/sub/inner/own/?a=b").send();
    assert_eq!(answer.status(), 307);
    let location = answer.header("location");
    assert_eq!(location, Some("/sub/inner/own?a=b"));
}

#[test]
fn a_root_path_stands_before_the_mount() {
    let outer = App::new()
        .root_path("/api")
        .mount("/{tenant}/sub", App::new().routes(routes![place]).build());
    let client = TestClient::new(outer);
    for asked in ["/api/blue/sub/where", "/blue/sub/where"] {
        let seen = client.get(asked).send().json();
        assert_eq!(seen["root"], "/api/blue/sub");
        assert_eq!(seen["url"], "http://testserver/api/blue/sub/where");
    }
}

#[tokio::test]
async fn a_path_too_long_to_hand_on_is_414() {
    let app = App::new().mount("/sub", App::new().build()).build();
    let path = format!("/sub/{}", "%FF".repeat(10_000));
    let request = http::Request::get(path).body(aplomb::http::Body::empty());
    let peer = aplomb::http::Peer::unknown();
    let response = app.answer(request.expect("a request"), peer).await;
    assert_eq!(response.status_code(), 414);
}

#[tokio::test]
async fn nobody_is_the_client_under_a_server_that_names_none() {
    use tower_service::Service as _;
    let request = http::Request::get("/where").body(aplomb::http::Body::empty());
    let mut app = App::new().routes(routes![place]).build();
    let response = app.call(request.expect("a request")).await;
    let body = response.expect("an answer").into_body();
    let body = body.collect(1 << 10).await.expect("a body");
    let seen: Value = aplomb::json::parse(&body).expect("JSON");
    assert_eq!(seen["client"], Value::Null);
}

#[post("/")]
async fn echo(request: Request) -> Result<String> {
    Ok(String::from_utf8_lossy(&request.body().await?).into_owned())
}

#[test]
fn a_mounted_app_has_the_body_limit_of_those_above_or_its_own() {
    for (above, own, status) in [
        (Some(5), None, 413),
        (Some(5), Some(10), 200),
        (Some(10), Some(5), 413),
        (None, None, 200),
    ] {
        let limited = |app: App, limit: Option<usize>| match limit {
            Some(limit) => app.max_body_size(limit),
            None => app,
        };
        let child = limited(App::new().routes(routes![echo]), own).build();
        let app = limited(App::new(), above).mount("/child", child);
        let answer = TestClient::new(app).post("/child/").body("123456").send();
        assert_eq!(answer.status(), status, "{above:?} {own:?}");
    }
    let mounted = App::new().routes(routes![echo]).build();
    let router = Router::new().mount("/mounted", mounted);
    let nested = Router::new().prefix("/nested").max_body_size(5);
    let client = TestClient::new(App::new().include(nested.include(router)));
    for (body, status) in [("12345", 200), ("123456", 413)] {
        let answer = client.post("/nested/mounted/").body(body).send();
        assert_eq!(answer.status(), status, "{body}");
    }
}

async fn host_of(uri: &str, host: &str) -> Value {
    let inner = App::new().routes(routes![host_inside]);
    let app = App::new().mount("/a", App::new().mount("/b", inner.build()).build());
    let request = http::Request::get(uri).header("host", host);
    let request = request.body(aplomb::http::Body::empty());
    let peer = aplomb::http::Peer::unknown();
    let answer = app.build().answer(request.expect("a request"), peer).await;
    let body = answer.into_http().into_body();
    let body = body.collect(1 << 10).await.expect("a body");
    aplomb::json::parse(&body).expect("JSON")
}

#[get("/host")]
async fn host_inside(request: Request) -> Value {
    json!([request.host(), request.path()])
}

#[tokio::test]
async fn a_mounted_app_is_asked_at_the_same_host() {
    let named = host_of("https://shop.example/a/b/host?q=1", "evil.example").await;
    assert_eq!(named, json!(["shop.example", "/host"]));
    let plain = host_of("/a/b/host", "shop.example").await;
    assert_eq!(plain, json!(["shop.example", "/host"]));
}

#[dependency]
async fn members_only() -> Result<()> {
    Err(HttpException::unauthorized("who are you?").into())
}

#[test]
fn a_mount_that_looks_guarded_and_is_not_is_told_of_at_the_start() {
    let guarded = || Router::new().prefix("/members").depends::<members_only>();
    let direct = App::new().include(guarded().mount("/legacy", legacy()));
    let below = Router::new().prefix("/old").mount("/legacy", legacy());
    let indirect = App::new().include(guarded().include(below));
    for (app, path) in [
        (direct, "/members/legacy"),
        (indirect, "/members/old/legacy"),
    ] {
        let told = told_by(app);
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.contains("WARN") && told.contains(path), "{told}");
    }
    let of_the_app = App::new()
        .depends::<members_only>()
        .mount("/legacy", legacy());
    let beside = App::new()
        .include(guarded().routes(routes![own]))
        .mount("/legacy", legacy());
    for app in [of_the_app, beside] {
        assert_eq!(told_by(app), "");
    }
}
