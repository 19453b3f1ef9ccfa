//! Profiles of a service that runs.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use aplomb::prelude::*;

use crate::served::{Served, eventually};

/// What takes the time.
#[inline(never)]
fn burns_the_candle() -> u64 {
    let begun = Instant::now();
    let mut sum = 0_u64;
    while begun.elapsed() < Duration::from_millis(40) {
        for number in 0..10_000_u64 {
            sum = black_box(sum.wrapping_mul(31).wrapping_add(number));
        }
    }
    sum
}

#[get("/burn")]
async fn burn() -> u64 {
    burns_the_candle()
}

#[get("/quick")]
async fn quick() -> &'static str {
    "quick"
}

fn profile(served: &Served, wanted: &Value) -> (u16, String) {
    served.ask("management", "POST /live/profile", &[], Some(wanted))
}

/// Ends the asking, also where an assertion fails.
struct Enough<'a>(&'a AtomicBool);

impl Drop for Enough<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

/// Everything that is to be said of profiles is said by one test: there is one at a time in a process.
#[test]
fn a_profile_names_what_computes_while_requests_go_on() {
    let served = Served::start(App::new().routes(routes![burn, quick]));
    let enough = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let ends = Enough(&enough);
        let asking = scope.spawn(|| {
            let mut asked = 0;
            while !enough.load(Relaxed) {
                assert_eq!(served.public("GET /burn", None).0, 200);
                assert_eq!(served.public("GET /quick", None).0, 200);
                asked += 1;
            }
            asked
        });
        let folded = scope.spawn(|| {
            let wanted =
                json!({"seconds": 3, "format": "folded", "owner": "ada", "reason": "slow"});
            profile(&served, &wanted)
        });
        eventually("it has begun", || {
            let (_, changes) = served.live("GET /live/audit", None);
            (changes[0]["change"] == "begun").then_some(())
        });
        let begun = Instant::now();
        let (status, answer) = profile(&served, &json!({"seconds": 1}));
        assert_eq!(status, 409, "{answer}");
        assert!(answer.contains("one at a time"), "{answer}");
        assert_eq!(served.ask("management", "GET /livez", &[], None).0, 200);
        assert!(begun.elapsed() < Duration::from_secs(2), "{begun:?}");
        let (status, folded) = folded.join().expect("a profile");
        assert_eq!(status, 200, "{folded}");
        let found = folded
            .lines()
            .find(|line| line.starts_with("GET /burn;") && line.contains("burns_the_candle"));
        assert!(found.is_some(), "{folded}");
        assert!(!folded.contains("pprof"), "{folded}");
        let (_, changes) = served.live("GET /live/audit", None);
        assert_eq!(changes[0]["change"], "done", "{changes}");
        assert_eq!(changes[0]["definition"]["reason"], "slow", "{changes}");
        assert!(
            changes[0]["owner"]
                .as_str()
                .is_some_and(|owner| owner.starts_with("ada "))
        );

        let (status, graph) = profile(&served, &json!({"seconds": 1}));
        assert_eq!(status, 200, "{graph}");
        assert!(
            graph.contains("<svg") && graph.contains("burns_the_candle"),
            "{graph}"
        );
        for out in [
            "href=\"http",
            "src=\"",
            "@import",
            "url(http",
            "fetch(",
            "XMLHttpRequest",
        ] {
            assert!(!graph.contains(out), "{out} in {graph}");
        }
        drop(ends);
        assert!(asking.join().expect("all were answered") > 10);
    });

    for wrong in [
        json!({"seconds": 61}),
        json!({"seconds": 0}),
        json!({"frequency": 251}),
        json!({"frequency": 0}),
        json!({"minutes": 1}),
        json!({"format": "png"}),
    ] {
        assert_eq!(profile(&served, &wrong).0, 422, "{wrong}");
    }

    // Who goes away does not keep others from theirs.
    served.begin("POST /live/profile", &json!({"seconds": 60}));
    eventually("it is given up", || {
        let accept = ["accept: text/plain"];
        let wanted = json!({"seconds": 1});
        let (status, folded) =
            served.ask("management", "POST /live/profile", &accept, Some(&wanted));
        assert!(matches!(status, 200 | 409), "{status} {folded}");
        (status == 200).then(|| assert!(!folded.contains("<svg"), "{folded}"))
    });
}
