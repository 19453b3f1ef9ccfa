//! Requests that do not come through the server are counted and recorded like those that do.

#[path = "observe/exposition.rs"]
mod exposition;

use std::time::Duration;

use aplomb::prelude::*;
use aplomb::testing::TestClient;
use aplomb::{Service, http::Body};
use exposition::Exposition;
use tower::ServiceExt as _;

#[get("/items/{id}")]
async fn read_item(id: u32) -> u32 {
    id
}

#[get("/broken")]
async fn fail() -> Result<u8> {
    Err(HttpException::new(503, "broken").into())
}

#[get("/numbers")]
async fn numbers() -> JsonLines<impl Stream<Item = u8>> {
    JsonLines(generate(async |lines| {
        for line in 0..3_u8 {
            lines.send(line).await;
        }
    }))
}

#[get("/forever")]
async fn never() -> u8 {
    std::future::pending().await
}

fn service() -> Service {
    let below = App::new().routes(routes![read_item]).build();
    App::new()
        .routes(routes![read_item, fail, numbers, never])
        .mount("/below", below)
        .build()
}

fn metrics(service: &Service) -> Exposition {
    Exposition::read(&service.metrics().render())
}

fn count(service: &Service, route: &str, status: &str) -> f64 {
    let labels = [("route", route), ("method", "GET"), ("status", status)];
    metrics(service).sum("http_requests_total", &labels)
}

fn request(path: &str) -> http::Request<Body> {
    let request = http::Request::get(path).header("host", "h");
    request.body(Body::empty()).expect("a request")
}

#[test]
fn what_a_test_client_asks_is_counted_and_kept() {
    let service = service();
    let client = TestClient::new(service.clone());
    for path in [
        "/items/1",
        "/items/2",
        "/below/items/3",
        "/broken",
        "/nowhere",
    ] {
        client.get(path).send();
    }
    client.get("/numbers").send();
    for (route, status, times) in [
        ("/items/{id}", "2xx", 2.0),
        ("/below/items/{id}", "2xx", 1.0),
        ("/broken", "5xx", 1.0),
        ("/numbers", "2xx", 1.0),
        ("", "4xx", 1.0),
    ] {
        assert_eq!(count(&service, route, status), times, "{route}");
    }
    let metrics = metrics(&service);
    assert_eq!(metrics.sum("http_requests_total", &[]), 6.0);
    assert_eq!(metrics.sum("http_requests_in_flight", &[]), 0.0);
    let bytes = |route| metrics.sum("http_response_bytes_total", &[("route", route)]);
    assert_eq!((bytes("/items/{id}"), bytes("/numbers")), (2.0, 6.0));
    let kept = service.flight_recorder().to_json();
    assert_eq!(kept["failed"][0]["route"], "/broken");
    assert_eq!(kept["failed"][0]["client"], "testclient:50000");
}

#[tokio::test]
async fn what_comes_through_tower_ends_with_its_body() {
    let service = service();
    let answer = service.clone().oneshot(request("/numbers")).await;
    let open = |service| metrics(service).sum("http_requests_in_flight", &[]);
    assert_eq!(
        (open(&service), count(&service, "/numbers", "2xx")),
        (1.0, 0.0)
    );
    let body = answer.expect("an answer").into_body().collect(100).await;
    assert_eq!(body.expect("a body").len(), 6);
    assert_eq!(
        (open(&service), count(&service, "/numbers", "2xx")),
        (0.0, 1.0)
    );
}

#[tokio::test]
async fn who_does_not_wait_has_left() {
    let service = service();
    let answer = service.clone().oneshot(request("/forever"));
    let waited = tokio::time::timeout(Duration::from_millis(20), answer).await;
    assert!(waited.is_err());
    let labels = [("route", "/forever"), ("method", "GET")];
    let abandoned = metrics(&service).sum("http_requests_abandoned_total", &labels);
    assert_eq!((abandoned, count(&service, "/forever", "none")), (1.0, 1.0));
}
