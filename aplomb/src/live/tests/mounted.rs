//! An application that is mounted twice has two sets of probes.

use super::{api, app, set};
use crate::app::App;
use crate::json;
use crate::json::Value;
use crate::testing::TestClient;

#[test]
fn an_application_that_is_mounted_twice_is_looked_at_where_it_is_meant() {
    let inner = app().build();
    let outer = App::new().mount("/a", inner.clone()).mount("/b", inner);
    let outer = outer.build();
    let (api, client) = (api(&outer), TestClient::new(outer.clone()));
    let count = |path: &str| {
        let name = path[1..2].to_owned();
        set(
            &api,
            &json!({
                "kind": "metric", "target": format!("GET {path}/orders/{{id}}"),
                "metric": {"name": name, "type": "counter"},
            }),
        )
    };
    assert_eq!((count("/a").0, count("/b").0), (201, 201));
    for path in ["/a", "/a", "/b"] {
        client
            .get(&format!("{path}/orders/1"))
            .send()
            .assert_status(200);
    }
    let probes = outer.live().all();
    let passed: Vec<Value> = probes
        .iter()
        .map(|probe| {
            json!([
                probe.places.clone(),
                probe
                    .counters
                    .emitted
                    .load(std::sync::atomic::Ordering::Relaxed)
            ])
        })
        .collect();
    let wanted = [
        json!([["GET /a/orders/{id} @response"], 2]),
        json!([["GET /b/orders/{id} @response"], 1]),
    ];
    assert_eq!(passed, wanted);
}
