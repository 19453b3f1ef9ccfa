//! A route that is asked for more than can be computed. In a file of its own: the isolated lane is
//! one for the process.

#[path = "server/served.rs"]
mod served;

use std::time::{Duration, Instant};

use aplomb::prelude::*;
use aplomb::serve::Limits;
use served::{Served, answer};

/// Computes for a tenth of the time it has.
#[get("/busy", lane = "isolated", deadline = "1s")]
async fn busy() -> &'static str {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_millis(100) {
        std::hint::spin_loop();
    }
    "done"
}

#[test]
fn what_would_wait_in_vain_is_refused_at_once() {
    let served = Served::start(App::new().routes(routes![busy]), Limits::default());
    // Several times what can be computed before the deadline of a second.
    for _ in 0..2 {
        assert_eq!(answer(served.ask("GET", "/busy", "")).0, 200);
    }
    let asked: Vec<_> = (0..60)
        .map(|_| {
            let stream = served.ask("GET", "/busy", "");
            std::thread::spawn(move || answer(stream).0)
        })
        .collect();
    let (mut answered, mut refused, mut late) = (0, 0, 0);
    for asked in asked {
        match asked.join().expect("an answer") {
            200 => answered += 1,
            503 => refused += 1,
            504 => late += 1,
            other => panic!("{other}"),
        }
    }
    // Without refusals all but some twenty would be late.
    assert!(
        answered >= 6 && refused >= 20 && late <= 5,
        "{answered} {refused} {late}"
    );
    assert_eq!(answer(served.ask("GET", "/busy", "")).0, 200);
}
