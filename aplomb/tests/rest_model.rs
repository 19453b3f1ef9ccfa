//! Every order in which workers can go to rest, nap, rest for good, and be released; with as many
//! switches of threads as `LOOM_MAX_PREEMPTIONS` says, or two where they need not.
//!
//! What a worker does before it rests, so that no task is left beside it, is between it and its
//! runtime, which a model cannot run.

use std::time::Duration;

use loom::sync::{Arc, Condvar, Mutex};
use loom::thread;
use resting::Resting;

#[allow(unused_imports, reason = "it is there for another model too")]
#[path = "lane_model/sync.rs"]
mod sync;

#[allow(dead_code, reason = "the model knows whether it has closed it")]
#[path = "../src/serve/lane/resting.rs"]
mod resting;

struct Scene {
    resting: Resting,
    /// How many have gone back to work.
    back: Mutex<usize>,
    one_more: Condvar,
}

impl Scene {
    /// What a worker does that is sent to rest.
    fn rest(&self, naps: &[Duration]) {
        for nap in naps {
            if self.resting.rest(*nap, || {}) {
                break;
            }
        }
        *self.back.lock().expect("no panic") += 1;
        self.one_more.notify_all();
    }

    /// Waits until as many have gone back to work; no more do.
    fn wait_for(&self, released: usize) {
        let mut back = self.back.lock().expect("no panic");
        while *back < released {
            back = self.one_more.wait(back).expect("no panic");
        }
        assert_eq!(*back, released, "some went back by themselves");
    }
}

/// Sends workers to rest with these naps, and releases them so often from two threads meanwhile.
fn model(workers: &'static [&'static [Duration]], here: usize, there: usize) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = model.preemption_bound.or(Some(2));
    model.check(move || {
        let scene = Arc::new(Scene {
            resting: Resting::new(),
            back: Mutex::new(0),
            one_more: Condvar::new(),
        });
        let start = |naps: &'static [Duration]| {
            let scene = Arc::clone(&scene);
            thread::spawn(move || scene.rest(naps))
        };
        let workers: Vec<_> = workers.iter().map(|naps| start(naps)).collect();
        let other = Arc::clone(&scene);
        let release = move |scene: &Scene, times: usize| {
            (0..times).filter(|_| scene.resting.release()).count()
        };
        let others = thread::spawn(move || release(&other, there));
        let mut released = release(&scene, here);
        released += others.join().expect("no panic");
        scene.wait_for(released);
        scene.resting.close();
        for worker in workers {
            worker.join().expect("no panic");
        }
        assert_eq!(scene.resting.count(), 0);
    });
}

const SHORT: Duration = Duration::ZERO;
const ENDLESS: Duration = Duration::MAX;

#[test]
fn each_release_brings_one_back() {
    model(&[&[ENDLESS], &[ENDLESS]], 2, 1);
}

#[test]
fn a_nap_that_ends_loses_no_release() {
    model(&[&[SHORT, ENDLESS], &[ENDLESS]], 1, 1);
}

#[test]
fn who_naps_again_is_released_all_the_same() {
    model(&[&[SHORT, SHORT, ENDLESS]], 1, 1);
}
