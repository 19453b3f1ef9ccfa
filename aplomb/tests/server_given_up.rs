//! Operations of the isolated lane that nobody waits for any more. In a file of its own: the lane is
//! one for the process.

#[path = "server/served.rs"]
mod served;

use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aplomb::prelude::*;
use aplomb::serve::Limits;
use served::{Served, answer, wait_until};

/// The tests take turns: each looks at what the one lane does.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn compute(time: Duration) {
    let begin = Instant::now();
    while begin.elapsed() < time {
        std::hint::spin_loop();
    }
}

struct PanicsWhenDropped(bool);

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        assert!(!self.0, "on purpose");
    }
}

/// Is given up while it waits, and while it is polled.
#[get("/panics", lane = "isolated", deadline = "100ms")]
async fn panics(ms: u64) -> &'static str {
    let _held = PanicsWhenDropped(true);
    compute(Duration::from_millis(ms));
    std::future::pending().await
}

#[get("/up")]
async fn up() -> &'static str {
    "up"
}

#[test]
fn a_panic_of_what_was_held_ends_nothing() {
    let _turn = turn();
    let served = Served::start(App::new().routes(routes![panics, up]), Limits::default());
    for target in ["/panics?ms=0", "/panics?ms=300"] {
        for _ in 0..3 {
            assert_eq!(answer(served.ask("GET", target, "")).0, 504);
        }
    }
    assert_eq!(answer(served.ask("GET", "/up", "")).0, 200);
}

/// Computes, not for long enough to be called heavy at once.
#[get("/heavy")]
async fn heavy() -> String {
    compute(Duration::from_millis(30));
    std::thread::current().name().unwrap_or_default().to_owned()
}

#[test]
fn what_was_only_given_up_proves_no_route_light() {
    let _turn = turn();
    let served = Served::start(App::new().routes(routes![heavy]), Limits::default());
    for _ in 0..3 {
        assert_eq!(answer(served.ask("GET", "/heavy", "")).0, 200);
    }
    // Most of them leave before their turn.
    let asked: Vec<_> = (0..200).map(|_| served.ask("GET", "/heavy", "")).collect();
    drop(asked);
    // As long as it is not seen that they left, others are told to come again.
    let mut found = (503, String::new());
    wait_until("it is let in", || {
        let (status, _, body) = answer(served.ask("GET", "/heavy", ""));
        found = (status, body);
        found.0 != 503
    });
    assert_eq!(found, (200, "\"aplomb-isolated\"".to_owned()));
}

static INSIDE: AtomicU32 = AtomicU32::new(0);
static MOST_INSIDE: AtomicU32 = AtomicU32::new(0);

/// Is given up long before its poll ends.
#[get("/alone", lane = "isolated", deadline = "50ms", max_in_flight = 1)]
async fn alone() {
    MOST_INSIDE.fetch_max(INSIDE.fetch_add(1, SeqCst) + 1, SeqCst);
    compute(Duration::from_millis(200));
    INSIDE.fetch_sub(1, SeqCst);
}

#[test]
fn what_is_given_up_keeps_its_turn_until_its_poll_ends() {
    let _turn = turn();
    let served = Served::start(App::new().routes(routes![alone]), Limits::default());
    for _ in 0..4 {
        let status = answer(served.ask("GET", "/alone", "")).0;
        assert!(status == 504 || status == 503, "{status}");
    }
    wait_until("all end", || INSIDE.load(SeqCst) == 0);
    assert_eq!(MOST_INSIDE.load(SeqCst), 1);
}

static BEGUN: AtomicBool = AtomicBool::new(false);
static CLEANED: AtomicBool = AtomicBool::new(false);

struct Cleaned;

impl Drop for Cleaned {
    fn drop(&mut self) {
        CLEANED.store(true, SeqCst);
    }
}

#[get("/late", lane = "isolated", deadline = "50ms")]
async fn late() {
    let _cleaned = Cleaned;
    BEGUN.store(true, SeqCst);
    std::thread::sleep(Duration::from_millis(500));
    std::future::pending::<()>().await;
}

#[test]
fn a_server_that_stops_waits_for_what_is_given_up() {
    let _turn = turn();
    let served = Served::start(App::new().routes(routes![late]), Limits::default());
    assert_eq!(answer(served.ask("GET", "/late", "")).0, 504);
    assert!(BEGUN.load(SeqCst) && !CLEANED.load(SeqCst));
    served.stop();
    assert!(CLEANED.load(SeqCst));
}

#[get("/blocked", lane = "isolated")]
async fn blocked() {
    std::thread::sleep(Duration::from_secs(2));
}

/// Light, and isolated all the same.
#[get("/light", lane = "isolated")]
async fn light() -> &'static str {
    "light"
}

#[test]
fn what_is_light_has_a_thread_when_all_others_are_blocked() {
    let _turn = turn();
    let served = Served::start(
        App::new().routes(routes![blocked, light, up]),
        Limits::default(),
    );
    assert_eq!(answer(served.ask("GET", "/light", "")).0, 200);
    let begin = Instant::now();
    let held: Vec<_> = (0..200)
        .map(|_| served.ask("GET", "/blocked", ""))
        .collect();
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(answer(served.ask("GET", "/light", "")).0, 200);
    assert_eq!(answer(served.ask("GET", "/up", "")).0, 200);
    assert!(
        begin.elapsed() < Duration::from_secs(2),
        "{:?}",
        begin.elapsed()
    );
    drop(held);
}
