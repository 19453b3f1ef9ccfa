//! Profiles of a service that has none.

use aplomb::prelude::*;

use crate::served::Served;

#[test]
fn a_service_without_profiles_says_so() {
    let served = Served::start(App::new());
    let (status, answer) = served.live("POST /live/profile", Some(&json!({})));
    assert_eq!(status, 501, "{answer}");
    let detail = answer["detail"].as_str().expect("a message");
    assert!(detail.contains("feature `profile`"), "{detail}");
    assert_eq!(
        served
            .live("POST /live/profile", Some(&json!({"seconds": 61})))
            .0,
        422
    );
    let (_, changes) = served.live("GET /live/audit", None);
    assert_eq!(changes, json!([]));
}
