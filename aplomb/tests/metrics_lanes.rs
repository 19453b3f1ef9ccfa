//! What waits for threads, or to be let in, can be seen in the metrics.

#[path = "observe/exposition.rs"]
mod exposition;
#[path = "observe/served.rs"]
mod served;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aplomb::prelude::*;
use aplomb::serve::Limits;
use exposition::Exposition;
use served::{Served, eventually};

/// Lanes belong to the process: one test of them at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether what computes is to end.
static ENOUGH: AtomicBool = AtomicBool::new(false);

#[get("/compute", lane = "isolated")]
async fn compute() -> &'static str {
    let begun = Instant::now();
    while !ENOUGH.load(Ordering::SeqCst) && begun.elapsed() < Duration::from_secs(30) {
        std::hint::spin_loop();
    }
    "computed"
}

#[get("/short", lane = "isolated", deadline = "none")]
async fn short() -> &'static str {
    "short"
}

#[get("/light", lane = "inline")]
async fn light() -> &'static str {
    "light"
}

#[get("/held", lane = "inline")]
async fn hold() -> &'static str {
    std::thread::sleep(Duration::from_millis(60));
    "held"
}

/// Whether what waits is to go on.
static GO_ON: AtomicBool = AtomicBool::new(false);

#[get("/narrow", max_in_flight = 1, lane = "inline")]
async fn narrow() -> &'static str {
    while !GO_ON.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    "through"
}

#[get("/late", deadline = "40ms", lane = "inline")]
async fn late() -> &'static str {
    std::future::pending().await
}

fn read(served: &Served) -> Exposition {
    Exposition::read(&served.service.metrics().render())
}

/// How many samples are above this bound.
fn above(metrics: &Exposition, name: &str, labels: &[(&str, &str)], bound: &str) -> f64 {
    let below = [labels, &[("le", bound)]].concat();
    metrics.sum(&format!("{name}_count"), labels) - metrics.sum(&format!("{name}_bucket"), &below)
}

#[test]
fn a_full_isolated_lane_shows() {
    let _alone = alone();
    ENOUGH.store(false, Ordering::SeqCst);
    let served = Served::start(App::new().routes(routes![compute, short]));
    let processors = std::thread::available_parallelism().map_or(1, Into::<usize>::into);
    let wait = "aplomb_isolated_wait_seconds";
    let before = above(&read(&served), wait, &[], "0.05");
    std::thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(|| served.ask("GET /compute", &[]));
        }
        eventually("they compute", || {
            let computing = [("state", "computing")];
            let now = read(&served).sum("aplomb_isolated_polls", &computing);
            (now == processors as f64).then_some(())
        });
        let waiting = scope.spawn(|| served.ask("GET /short", &[]));
        let full = eventually("it waits", || {
            let metrics = read(&served);
            (metrics.sum("aplomb_isolated_waiting", &[]) >= 1.0).then_some(metrics)
        });
        assert!(full.sum("aplomb_isolated_threads", &[]) >= processors as f64);
        std::thread::sleep(Duration::from_millis(100));
        ENOUGH.store(true, Ordering::SeqCst);
        let answer = waiting.join().expect("an answer");
        assert!(answer.contains("short"), "{answer}");
    });
    let metrics = eventually("they are done", || {
        let metrics = read(&served);
        (metrics.sum("aplomb_isolated_polls", &[]) == 0.0).then_some(metrics)
    });
    assert!(above(&metrics, wait, &[], "0.05") > before);
    let isolated = [("lane", "isolated")];
    assert!(above(&metrics, "aplomb_poll_seconds", &isolated, "0.05") >= processors as f64);
    assert_eq!(metrics.sum("aplomb_isolated_waiting", &[]), 0.0);
}

#[test]
fn every_route_says_which_lane_it_is_in() {
    let _alone = alone();
    let below = App::new().routes(routes![light]).build();
    let app = App::new()
        .routes(routes![light, compute, hold])
        .mount("/below", below);
    let served = Served::start(app);
    let before = above(
        &read(&served),
        "aplomb_poll_seconds",
        &[("lane", "inline")],
        "0.05",
    );
    served.ask("GET /held", &[]);
    let metrics = eventually("it was polled", || {
        let metrics = read(&served);
        let inline = above(
            &metrics,
            "aplomb_poll_seconds",
            &[("lane", "inline")],
            "0.05",
        );
        (inline > before).then_some(metrics)
    });
    for (route, isolated) in [("/light", 0.0), ("/compute", 1.0), ("/below/light", 0.0)] {
        let labels = [("route", route), ("method", "GET")];
        assert!(
            metrics
                .values("aplomb_route_isolated", "route")
                .contains(route)
        );
        assert_eq!(
            metrics.sum("aplomb_route_isolated", &labels),
            isolated,
            "{route}"
        );
    }
}

#[test]
fn who_waits_to_be_let_in_and_who_is_refused_shows() {
    let limits = Limits {
        requests: 2,
        ..Limits::default()
    };
    let app = App::new()
        .routes(routes![narrow, light, late])
        .limits(limits);
    let served = Served::start(app);
    let scope = [("scope", "GET /narrow")];
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| served.ask("GET /narrow", &[]));
        }
        let metrics = eventually("one waits", || {
            let metrics = read(&served);
            (metrics.sum("aplomb_admission_waiting", &scope) == 1.0).then_some(metrics)
        });
        assert_eq!(metrics.sum("aplomb_admission_limit", &scope), 1.0);
        assert_eq!(metrics.sum("aplomb_admission_admitted", &scope), 1.0);
        let service = [("scope", "")];
        assert_eq!(metrics.sum("aplomb_admission_limit", &service), 2.0);
        assert_eq!(metrics.sum("aplomb_admission_admitted", &service), 2.0);
        assert!(served.ask("GET /light", &[]).starts_with("HTTP/1.1 503 "));
        GO_ON.store(true, Ordering::SeqCst);
    });
    let metrics = eventually("it is counted", || {
        let metrics = read(&served);
        (metrics.sum("http_requests_total", &[]) == 3.0).then_some(metrics)
    });
    let shed = [("route", "/light"), ("reason", "limit")];
    assert_eq!(metrics.sum("aplomb_requests_shed_total", &shed), 1.0);
    assert_eq!(metrics.sum("aplomb_requests_shed_total", &[]), 1.0);
    assert!(served.ask("GET /late", &[]).starts_with("HTTP/1.1 504 "));
    let late = [("route", "/late"), ("phase", "handler")];
    eventually("it is counted", || {
        let count = read(&served).sum("aplomb_requests_deadline_exceeded_total", &late);
        (count == 1.0).then_some(())
    });
}

#[test]
fn the_process_is_told_of_as_other_clients_tell() {
    let served = Served::start(App::new());
    let metrics = read(&served);
    if cfg!(target_os = "linux") {
        let value = |name| metrics.sum(name, &[]);
        assert!(value("process_cpu_seconds_total") >= 0.0);
        assert!(value("process_open_fds") >= 3.0);
        assert!(value("process_max_fds") >= value("process_open_fds"));
        assert!(value("process_start_time_seconds") > 1.7e9);
        assert!(value("process_virtual_memory_bytes") > value("process_resident_memory_bytes"));
        assert!(value("process_threads") >= 2.0);
    }
}
