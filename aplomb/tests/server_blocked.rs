//! More operations that block than the isolated lane has threads. In a file of its own: the lane is
//! one for the process.

#[path = "server/served.rs"]
mod served;

use std::time::Duration;

use aplomb::prelude::*;
use aplomb::serve::Limits;
use served::{Served, answer};

/// Blocks in the kernel, as a driver without async does.
#[get("/blocked", lane = "isolated")]
async fn blocked() -> &'static str {
    std::thread::sleep(Duration::from_millis(300));
    "done"
}

#[test]
fn more_may_block_than_there_are_threads() {
    let served = Served::start(App::new().routes(routes![blocked]), Limits::default());
    for _ in 0..2 {
        let asked: Vec<_> = (0..150)
            .map(|_| {
                let stream = served.ask("GET", "/blocked", "");
                std::thread::spawn(move || answer(stream).0)
            })
            .collect();
        for asked in asked {
            assert_eq!(asked.join().expect("an answer"), 200);
        }
    }
}
