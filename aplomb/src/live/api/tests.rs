//! Who may do what.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::app::{App, Service};
use crate::http::{Body, Peer, TrustedProxies};
use crate::live::Access;

fn api(token: Option<&str>) -> Service {
    let service = App::new().build();
    let access = Access::new(token.map(str::to_owned));
    super::service(
        Arc::clone(service.live()),
        service.metrics(),
        Arc::new(access),
    )
}

/// The status of an answer to somebody at this address.
fn status(api: &Service, from: &str, line: (&str, &str), headers: &[(&str, &str)]) -> u16 {
    let address: SocketAddr = from.parse().expect("an address");
    let proxies = Arc::new(TrustedProxies::default());
    let peer = Peer::new(Some(address), None, &proxies);
    let mut request = http::Request::builder().method(line.0).uri(line.1);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = match line.0 {
        "PUT" => r#"{"directive": "a"}"#,
        "POST" if line == PROFILE => "{}",
        "POST" => r#"{"kind": "snapshot", "target": "/nowhere"}"#,
        _ => "",
    };
    let request = request.body(Body::from(body)).expect("a request");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let response = runtime.block_on(api.answer(request, peer));
    response.status_code().as_u16()
}

const JSON: (&str, &str) = ("content-type", "application/json");
const LOCAL: (&str, &str) = ("host", "localhost:9000");
const HERE: &str = "127.0.0.1:4000";
const THERE: &str = "192.0.2.7:4000";
const SET: (&str, &str) = ("POST", "/live/probes");
const PROFILE: (&str, &str) = ("POST", "/live/profile");
const LIST: (&str, &str) = ("GET", "/live/probes");
const REMOVE: (&str, &str) = ("DELETE", "/live/probes");
const SET_LEVEL: (&str, &str) = ("PUT", "/live/levels");
const RESET: (&str, &str) = ("DELETE", "/live/levels");
const LEVELS: (&str, &str) = ("GET", "/live/levels");
const EVENTS: (&str, &str) = ("GET", "/live/events?probe=p-0");

#[test]
fn without_a_token_only_this_machine_may_change_anything() {
    let api = api(None);
    // There is no such route, or probe, which only those hear who may ask.
    assert_eq!(status(&api, HERE, SET, &[LOCAL, JSON]), 404);
    assert_eq!(status(&api, HERE, EVENTS, &[LOCAL]), 404);
    assert_eq!(status(&api, HERE, REMOVE, &[LOCAL]), 200);
    // The directive lacks a level.
    assert_eq!(status(&api, HERE, SET_LEVEL, &[LOCAL, JSON]), 400);
    assert_eq!(status(&api, HERE, RESET, &[LOCAL]), 200);
    let by_address = [("host", "192.0.2.1:9000"), JSON];
    for line in [SET, REMOVE, EVENTS, SET_LEVEL, RESET] {
        assert_eq!(status(&api, THERE, line, &by_address), 403);
    }
    assert_eq!(status(&api, THERE, PROFILE, &by_address), 403);
    assert_eq!(status(&api, THERE, LIST, &by_address), 200);
    assert_eq!(status(&api, THERE, LEVELS, &by_address), 200);
    for proxied in ["x-forwarded-for", "forwarded", "via"] {
        let headers = [LOCAL, (proxied, "192.0.2.7")];
        assert_eq!(status(&api, HERE, REMOVE, &headers), 403, "{proxied}");
    }
}

#[test]
fn with_a_token_it_is_asked_for_everywhere() {
    let api = api(Some("t0ken"));
    let right = ("authorization", "Bearer t0ken");
    for from in [HERE, THERE] {
        for wrong in ["", "Bearer", "Bearer wrong", "Basic t0ken", "Bearer t0ken2"] {
            let headers = [LOCAL, JSON, ("authorization", wrong)];
            assert_eq!(status(&api, from, SET, &headers), 401, "{wrong}");
            assert_eq!(status(&api, from, SET_LEVEL, &headers), 401, "{wrong}");
            assert_eq!(status(&api, from, EVENTS, &headers), 401, "{wrong}");
            assert_eq!(status(&api, from, PROFILE, &headers), 401, "{wrong}");
            assert_eq!(status(&api, from, LIST, &headers), 200, "{wrong}");
        }
        assert_eq!(status(&api, from, SET, &[LOCAL, JSON, right]), 404);
        let by_name = [("host", "shop.example"), right];
        assert_eq!(status(&api, from, REMOVE, &by_name), 200);
    }
}

#[test]
fn pages_of_other_sites_get_nothing() {
    let api = api(None);
    // DNS rebinding: the browser asks this machine by the name of the site.
    for line in [LIST, REMOVE, SET, ("GET", "/live/catalog")] {
        assert_eq!(
            status(&api, HERE, line, &[("host", "evil.example"), JSON]),
            421
        );
    }
    // What a form can send without asking first.
    for media_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let headers = [LOCAL, ("content-type", media_type)];
        assert_eq!(status(&api, HERE, SET, &headers), 415, "{media_type}");
        assert_eq!(status(&api, HERE, SET_LEVEL, &headers), 415, "{media_type}");
    }
    assert_eq!(
        status(&api, HERE, ("OPTIONS", "/live/probes"), &[LOCAL]),
        405
    );
}
