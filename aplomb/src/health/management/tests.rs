//! Who is told what.

use std::net::SocketAddr;
use std::sync::Arc;

use super::{Answers, Pulse};
use crate::app::App;
use crate::http::{Body, Head, Peer, Request, TrustedProxies};
use crate::live::Access;
use crate::testing::TestClient;

const HERE: &str = "127.0.0.1:4000";
const THERE: &str = "192.0.2.7:4000";
const OWN: (&str, &str) = ("host", "localhost:9000");
const FOREIGN: (&str, &str) = ("host", "shop.example:9000");
const RIGHT: (&str, &str) = ("authorization", "Bearer t0ken");

#[aplomb_macros::get("/items/{id}", crate = crate)]
async fn read_item(id: String) -> String {
    id
}

/// The listener of a service one of whose probes counts by a value that a client has sent.
fn answers(token: Option<&str>) -> Answers {
    let service = App::new().routes(crate::routes![read_item]).build();
    let access = Access::new(Some("t0ken".to_owned()));
    let listener = |access| {
        let pulse = Arc::new(Pulse::new());
        Answers::new(service.health(), pulse, service.clone(), access)
    };
    let probe = crate::json!({"kind": "metric", "target": "GET /items/{id}", "metric": {
        "name": "read", "type": "counter", "labels": {"id": "path.id"},
    }});
    let api = TestClient::new(listener(access).live);
    let set = api
        .post("/live/probes")
        .header(RIGHT.0, RIGHT.1)
        .json(&probe)
        .send();
    assert_eq!(set.status(), 201, "{}", set.text());
    TestClient::new(service.clone()).get("/items/ada").send();
    listener(Access::new(token.map(str::to_owned)))
}

/// The status and the body of what somebody is answered who asks from an address.
fn ask(answers: &Answers, from: &str, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let address: SocketAddr = from.parse().expect("an address");
    let peer = Peer::new(Some(address), None, &Arc::new(TrustedProxies::default()));
    let mut request = http::Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (parts, ()) = request.body(()).expect("a request").into_parts();
    let request = Request::new(Head::new(parts, peer), Body::empty());
    let response = answers.answer(&request);
    let status = response.status_code().as_u16();
    let response = response.into_http();
    let body = response.body().as_bytes().unwrap_or_default();
    (status, String::from_utf8_lossy(body).into_owned())
}

#[test]
fn pages_of_other_sites_get_nothing() {
    let answers = answers(None);
    for path in ["/requests", "/requests/in-flight"] {
        for from in [HERE, THERE] {
            assert_eq!(ask(&answers, from, path, &[FOREIGN]).0, 421, "{path}");
            assert_eq!(ask(&answers, from, path, &[OWN]).0, 200, "{path}");
        }
    }
    assert_eq!(ask(&answers, HERE, "/metrics", &[FOREIGN]).0, 421);
    assert_eq!(ask(&answers, HERE, "/metrics", &[OWN]).0, 200);
    // Scrapers ask by the name of the service, and orchestrators by any.
    assert_eq!(ask(&answers, THERE, "/metrics", &[FOREIGN]).0, 200);
    assert_eq!(ask(&answers, HERE, "/livez", &[FOREIGN]).0, 200);
}

#[test]
fn the_root_leads_to_everything() {
    let answers = answers(None);
    let (status, index) = ask(&answers, HERE, "/", &[OWN]);
    assert_eq!(status, 200);
    let links: Vec<&str> = index
        .split("<a href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let api = TestClient::new(answers.live.clone());
    for link in &links {
        let path = format!("/{link}");
        let status = match link.strip_prefix("live/") {
            Some(_) => api.get(&path).header(OWN.0, OWN.1).send().status(),
            None => ask(&answers, HERE, &path, &[OWN]).0,
        };
        // Nobody has said that this service has started.
        let wanted = if *link == "readyz" { 503 } else { 200 };
        assert_eq!(status, wanted, "{path}");
    }
    for link in [
        "console",
        "metrics",
        "livez",
        "requests",
        "live/openapi.json",
    ] {
        assert!(links.contains(&link), "{link} in {links:?}");
    }
}

#[test]
fn values_that_probes_measure_are_for_those_who_may_see_them() {
    let sees = |answers: &Answers, from: &str, headers: &[(&str, &str)]| {
        let (status, text) = ask(answers, from, "/metrics", headers);
        assert!(
            status == 200 && text.contains("http_requests_total{"),
            "{text}"
        );
        let sees = text.contains("live_read_total{probe=\"p-") && text.contains("id=\"ada\"} 1\n");
        assert!(
            sees || !text.contains("live_read") && !text.contains("ada"),
            "{text}"
        );
        sees
    };
    let open = answers(None);
    assert!(sees(&open, HERE, &[OWN]));
    assert!(!sees(&open, THERE, &[FOREIGN]));
    assert!(!sees(&open, HERE, &[OWN, ("x-forwarded-for", "192.0.2.7")]));
    let guarded = answers(Some("t0ken"));
    assert!(!sees(&guarded, HERE, &[OWN]));
    assert!(sees(&guarded, HERE, &[FOREIGN, RIGHT]));
    assert!(sees(&guarded, THERE, &[FOREIGN, RIGHT]));
    assert!(!sees(
        &guarded,
        THERE,
        &[FOREIGN, ("authorization", "Bearer wrong")]
    ));
}
