//! Every order in which polls can come to the isolated lane, run there, block and end, and in which
//! threads that have waited long enough go; with one
//! switch of threads where they need not, or as many as `LOOM_MAX_PREEMPTIONS` says (two: minutes).

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use line::{Job, Line, Seat};
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::sync::{Arc, Condvar, Mutex};
use loom::thread;

#[path = "lane_model/sync.rs"]
mod sync;

#[allow(
    dead_code,
    reason = "the model asks for few figures and starts its threads itself"
)]
#[path = "../src/serve/lane/line.rs"]
mod line;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    New,
    Light,
    Heavy,
    /// Computes until every job that does not wait for others has been polled.
    Long,
    /// Is blocked in the kernel as long.
    Blocked,
    /// What ends the thread that takes it.
    Last,
}

impl Job for Kind {
    fn route(&self) -> u32 {
        *self as u32
    }

    fn is_new(&self) -> bool {
        *self == Self::New
    }

    fn is_light(&self) -> bool {
        *self == Self::Light
    }

    fn cost(&self) -> u64 {
        10
    }
}

/// How many threads the model can follow.
const THREADS: usize = 5;
/// A lane, and what it has done.
#[derive(Clone)]
struct Lane(Arc<Scene>);

struct Scene {
    line: Line<Kind>,
    processors: usize,
    /// How many threads have taken a last job.
    ended: Mutex<usize>,
    /// What is left to do.
    parts: AtomicUsize,
    computing: AtomicUsize,
    /// Whether all parts are done. No business of the model: it is read when that is over.
    is_done: AtomicBool,
    /// How many of those that wait for nobody are left.
    others: Mutex<usize>,
    polled: Condvar,
}

impl Lane {
    fn push(&self, kind: Kind) {
        let wanted = self.0.line.push(kind, 1);
        self.start_if(wanted);
    }

    fn start_if(&self, wanted: bool) {
        if wanted {
            let lane = self.clone();
            thread::spawn(move || lane.work());
        }
    }

    /// Counts a job that was polled, or that all of them were pushed; with the last of these, lets
    /// the threads end one after the other.
    fn has_done_its_part(&self) {
        if self.0.parts.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.is_done.store(true, Ordering::SeqCst);
            self.end_the_next();
        }
    }

    fn wait_for_the_others(&self) {
        let mut others = self.0.others.lock().expect("no panic");
        while *others > 0 {
            others = self.0.polled.wait(others).expect("no panic");
        }
    }

    fn end_the_next(&self) {
        // Locked, so that a thread which this starts is counted before another ends.
        let mut ended = self.0.ended.lock().expect("no panic");
        if *ended < self.0.line.figures().threads {
            *ended += 1;
            self.push(Kind::Last);
        }
    }

    /// What a thread of the lane does until it takes a last job, or is of no use.
    fn work(&self) {
        let seat = Seat::new();
        while let Some((next, wanted)) = self.0.line.take(&seat, || 1) {
            self.start_if(wanted);
            let job = next.job;
            let computing = self.0.computing.fetch_add(1, Ordering::SeqCst) + 1;
            // Beside those for which there are processors, one of a new route and one of a light one.
            let most = self.0.processors + 2;
            assert!(computing <= most, "{computing} compute");
            let mut replaced = false;
            if job == Kind::Blocked {
                // As the watchdog does, who may find no thread to stand in.
                let wanted = self.0.line.stand_in(job.route(), || {
                    self.0.computing.fetch_sub(1, Ordering::SeqCst);
                    replaced = true;
                    true
                });
                self.start_if(wanted);
            }
            match job {
                Kind::Long | Kind::Blocked => self.wait_for_the_others(),
                Kind::Last => {}
                Kind::New | Kind::Light | Kind::Heavy => {
                    *self.0.others.lock().expect("no panic") -= 1;
                    self.0.polled.notify_all();
                }
            }
            if !replaced {
                self.0.computing.fetch_sub(1, Ordering::SeqCst);
            }
            self.0.line.done(next.turn, replaced);
            if job == Kind::Last {
                return self.end_the_next();
            }
            self.has_done_its_part();
        }
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        if !self.is_done.load(Ordering::SeqCst) {
            return;
        }
        let figures = self.line.figures();
        let waiting = figures.new + figures.light + figures.heavy;
        assert_eq!(waiting, 0, "jobs are left");
        // Who took a last job has not told the line.
        let ended = *self.ended.lock().expect("no panic");
        assert_eq!(
            self.line.counts(),
            (ended, 0, 0),
            "threads, idle ones, seats"
        );
    }
}

/// Pushes jobs from two threads; all of them are polled, whatever the order.
fn model(processors: usize, first: &'static [Kind], second: &'static [Kind]) {
    let threads = THREADS - 1 - usize::from(!second.is_empty());
    model_with(processors, threads, Duration::MAX, first, second);
}

/// The same with so many threads at a time, which wait for so long.
fn model_with(
    processors: usize,
    threads: usize,
    patience: Duration,
    first: &'static [Kind],
    second: &'static [Kind],
) {
    let mut model = loom::model::Builder::new();
    // With more switches between threads the orders are too many to try each time.
    model.preemption_bound = model.preemption_bound.or(Some(1));
    let waits = |kind: &&Kind| matches!(kind, Kind::Long | Kind::Blocked);
    let others = first
        .iter()
        .chain(second)
        .filter(|kind| !waits(kind))
        .count();
    model.check(move || {
        let lane = Lane(Arc::new(Scene {
            line: Line::new(processors, threads, patience),
            processors,
            ended: Mutex::new(0),
            parts: AtomicUsize::new(first.len() + second.len() + 1),
            computing: AtomicUsize::new(0),
            is_done: AtomicBool::new(false),
            others: Mutex::new(others),
            polled: Condvar::new(),
        }));
        let pushes = lane.clone();
        let other = (!second.is_empty())
            .then(|| thread::spawn(move || second.iter().for_each(|kind| pushes.push(*kind))));
        first.iter().for_each(|kind| lane.push(*kind));
        if let Some(other) = other {
            other.join().expect("no panic");
        }
        lane.has_done_its_part();
    });
}

#[test]
fn new_and_light_ones_do_not_wait_for_long_ones() {
    model(1, &[Kind::Long, Kind::Light], &[Kind::New]);
}

#[test]
fn an_idle_thread_that_is_woken_for_two_wakes_another() {
    model(2, &[Kind::Light, Kind::Long, Kind::Heavy], &[]);
}

#[test]
fn what_is_blocked_gives_its_place_away() {
    model(1, &[Kind::Blocked, Kind::Heavy, Kind::Blocked], &[]);
}

#[test]
fn no_more_compute_than_there_are_places() {
    model(1, &[Kind::Heavy, Kind::Light, Kind::Light, Kind::New], &[]);
}

#[test]
fn who_goes_leaves_no_job_behind() {
    let jobs = &[Kind::Long, Kind::Light, Kind::Light];
    model_with(1, 2, Duration::ZERO, jobs, &[]);
}
