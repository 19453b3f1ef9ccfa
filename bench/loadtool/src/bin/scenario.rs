//! scenario: sends what a plan says, and tells what became of it.
//!
//! Reads a plan (`plan.rs`) as JSON from its standard input, and writes for each source a summary
//! of each phase and its course over time, as JSON. Each thread of the plan is a thread here.
use std::collections::BTreeMap;
use std::time::Instant;

use loadtool::plan::{Plan, Thread};
use loadtool::samples::{Course, Summary};
use loadtool::transport::Dialer;
use loadtool::{client, socket};
use serde_json::json;

fn main() {
    let plan: Plan = serde_json::from_reader(std::io::stdin()).expect("a plan");
    socket::many_files();
    let start = Instant::now();
    let samples: Vec<_> = std::thread::scope(|scope| {
        let started: Vec<_> = plan
            .threads
            .iter()
            .map(|thread| scope.spawn(|| client::run(dialer(&plan, thread), thread, start)))
            .collect();
        started
            .into_iter()
            .flat_map(|thread| thread.join().expect("its samples"))
            .collect()
    });
    let until = plan.phases.iter().map(|phase| phase.to).fold(0.0, f64::max);
    let sources: BTreeMap<_, _> = samples
        .iter()
        .map(|(name, samples)| {
            let summary = |phase: &loadtool::plan::Phase| {
                (
                    phase.name.clone(),
                    Summary::of(samples, phase.from, phase.to),
                )
            };
            let phases: BTreeMap<_, _> = plan.phases.iter().map(summary).collect();
            let course = Course::of(samples, f64::from(plan.bin_ms) / 1e3, until);
            (name, json!({"phases": phases, "course": course}))
        })
        .collect();
    println!("{}", json!({"bin_ms": plan.bin_ms, "sources": sources}));
}

fn dialer(plan: &Plan, thread: &Thread) -> Dialer {
    let dialer = Dialer::new(plan.port, thread.read_rate.is_some());
    match &plan.certificate {
        Some(file) => dialer.secured(file, thread.http2).expect("a certificate"),
        None => dialer,
    }
}
