//! Other tower services below a prefix, and the app as a tower service itself.

use aplomb::prelude::*;
use aplomb::testing::TestClient;
use axum::Router as AxumRouter;
use axum::routing::{get as axum_get, post as axum_post};

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
    assert_eq!(answer.header("location"), Some("http://testserver/legacy/"));
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
