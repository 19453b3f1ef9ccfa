//! Every order in which polls can come to the isolated lane, run there, block and end; with one
//! switch of threads where they need not, or as many as `LOOM_MAX_PREEMPTIONS` says (two: minutes).

use line::{Job, Line, Seat};
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::sync::{Arc, Condvar, Mutex};
use loom::thread;

/// The lock and the bell as the model knows them.
mod sync {
    pub(crate) use loom::sync::{Arc, Condvar, Mutex, MutexGuard};

    pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().expect("no panic")
    }

    pub(crate) fn wait<'a, T>(bell: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        bell.wait(guard).expect("no panic")
    }
}

#[allow(
    dead_code,
    reason = "the model asks for no figures and starts its threads itself"
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
    started: AtomicUsize,
    ended: Mutex<usize>,
    /// What is left to do.
    parts: AtomicUsize,
    computing: AtomicUsize,
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
            self.0.started.fetch_add(1, Ordering::SeqCst);
            let lane = self.clone();
            thread::spawn(move || lane.work());
        }
    }

    /// Counts a job that was polled, or that all of them were pushed; with the last of these, lets
    /// the threads end one after the other.
    fn has_done_its_part(&self) {
        if self.0.parts.fetch_sub(1, Ordering::SeqCst) == 1 {
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
        if *ended < self.0.started.load(Ordering::SeqCst) {
            *ended += 1;
            self.push(Kind::Last);
        }
    }

    /// What a thread of the lane does until it takes a last job.
    fn work(&self) {
        let seat = Seat::new();
        loop {
            let (next, wanted) = self.0.line.take(&seat, || 1);
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

/// Pushes jobs from two threads; all of them are polled, whatever the order.
fn model(processors: usize, first: &'static [Kind], second: &'static [Kind]) {
    let mut model = loom::model::Builder::new();
    // With more switches between threads the orders are too many to try each time.
    model.preemption_bound = model.preemption_bound.or(Some(1));
    let threads = THREADS - 1 - usize::from(!second.is_empty());
    let waits = |kind: &&Kind| matches!(kind, Kind::Long | Kind::Blocked);
    let others = first
        .iter()
        .chain(second)
        .filter(|kind| !waits(kind))
        .count();
    model.check(move || {
        let lane = Lane(Arc::new(Scene {
            line: Line::new(processors, threads),
            processors,
            started: AtomicUsize::new(0),
            ended: Mutex::new(0),
            parts: AtomicUsize::new(first.len() + second.len() + 1),
            computing: AtomicUsize::new(0),
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
