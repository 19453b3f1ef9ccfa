//! Probes are set and removed at random while requests pass.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use super::app;
use crate::app::Service;
use crate::json;
use crate::live::definition::ProbeDefinition;
use crate::model::Model;
use crate::testing::TestClient;

/// How long it goes on: some seconds, or as many as `APLOMB_CHURN_SECONDS` says.
fn time() -> Duration {
    let seconds = std::env::var("APLOMB_CHURN_SECONDS").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(2))
}

/// Numbers without an order, the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).unwrap_or_default()
    }
}

fn definition(dice: &mut Dice, number: usize) -> ProbeDefinition {
    let points = [
        "",
        " @validate",
        " @invalid",
        " @handler",
        " @error",
        " @response",
    ];
    let routes = ["POST /orders", "*", "/orders/**", "POST /orders"];
    let target = format!("{}{}", routes[dice.below(4)], points[dice.below(6)]);
    let hits = 1 + dice.below(50);
    let probe = match dice.below(4) {
        0 => json!({"kind": "snapshot", "target": target, "hits": hits}),
        1 => json!({
            "kind": "log", "target": "POST /orders @response", "hits": hits, "sample": 3,
            "when": "body.price > 1", "message": "{body} {dep.account.numbers[7]} {response.status}",
        }),
        2 => json!({
            "kind": "metric", "target": target,
            "metric": {"name": format!("m{number}"), "type": "duration"},
        }),
        _ => json!({
            "kind": "log", "target": target, "message": "{request.route} {elapsed_ms}",
            "per_second": 50.0, "hits": 1_000_000,
        }),
    };
    ProbeDefinition::from_value(&probe).expect("a definition")
}

fn ask(service: &Service, over: &AtomicBool) -> usize {
    let client = TestClient::new(service.clone());
    let mut count = 0;
    while !over.load(Relaxed) {
        let good = json!({"name": "lamp", "price": 2.5, "tags": ["a"], "extra": {"n": count}});
        client.post("/orders").json(&good).send().assert_status(200);
        let bad = json!({"name": "", "price": -1});
        client.post("/orders").json(&bad).send().assert_status(422);
        client.get("/orders/404").send().assert_status(404);
        count += 3;
    }
    count
}

#[test]
fn probes_come_and_go_while_requests_pass_and_nothing_is_left() {
    let service = app().build();
    let live = Arc::clone(service.live());
    let (over, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut set = 0;
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| asked.fetch_add(ask(&service, &over), Relaxed));
        }
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let begun = Instant::now();
        while begun.elapsed() < time() {
            let known = live.all();
            match dice.below(10) {
                0..=5 => {
                    let definition = definition(&mut dice, set);
                    if live.set(definition, "test", false).is_ok() {
                        set += 1;
                    }
                }
                6..=8 if !known.is_empty() => {
                    let probe = &known[dice.below(known.len())];
                    let _ = live.remove(&probe.id, "test");
                }
                9 if dice.below(5) == 0 => {
                    live.remove_all("test");
                }
                _ => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        over.store(true, Relaxed);
    });
    assert!(set > 10 && asked.load(Relaxed) > 30, "{set} {asked:?}");
    live.remove_all("test");
    live.tick();
    assert_eq!(
        live.all().iter().filter(|probe| !probe.has_ended()).count(),
        0
    );
    let watched = live
        .routes
        .iter()
        .any(|route| route.endpoint.live.watch().is_some());
    let tasks = live.tasks.iter().any(|tasks| tasks.live.watch().is_some());
    assert!(!watched && !tasks, "a route still has probes");
    let [waiting, kept, held] = live.hub.bytes();
    assert_eq!((waiting, held), (0, 0));
    assert!(kept <= 1 << 20, "{kept}");
    for probe in live.all() {
        // The ring of those that have ended has it, and this loop.
        assert_eq!(Arc::strong_count(&probe), 2, "{probe:?}");
    }
}
