//! Every order in which threads can come to, wait at, leave and go through a gate.

use std::future::poll_fn;

use loom::future::block_on;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicU32, Ordering};
use loom::thread;
use turns::{Asked, Turns};

/// The lock as the model knows it.
mod sync {
    pub(crate) use loom::sync::{Mutex, MutexGuard};

    pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().expect("no panic")
    }
}

#[path = "../src/admission/turns.rs"]
mod turns;

/// The gate, and how much of its room is in use by those who think they have it.
struct Scene {
    turns: Turns,
    inside: AtomicU32,
    room: u32,
}

impl Scene {
    fn new(room: u32) -> Arc<Self> {
        Arc::new(Self {
            turns: Turns::new(room),
            inside: AtomicU32::new(0),
            room,
        })
    }

    /// Goes through the gate once, however long that takes.
    fn pass(&self, weight: u32) {
        let weight = self.turns.fit(weight);
        match self.turns.ask(weight, 1, |_| true) {
            Asked::Had => {}
            Asked::Waits(number) => {
                block_on(poll_fn(|context| self.turns.poll(number, context.waker())));
                self.turns.leave(number);
            }
            Asked::Refused => panic!("nobody is refused here"),
        }
        let before = self.inside.fetch_add(weight, Ordering::AcqRel);
        assert!(
            before + weight <= self.room,
            "no more than there is room for"
        );
        self.inside.fetch_sub(weight, Ordering::AcqRel);
        self.turns.give_back(weight);
    }

    /// Comes to the gate and gives up, whether its turn has come or not.
    fn give_up(&self) {
        match self.turns.ask(1, 1, |_| true) {
            Asked::Had => self.turns.give_back(1),
            Asked::Waits(number) => self.turns.leave(number),
            Asked::Refused => panic!("nobody is refused here"),
        }
    }
}

fn model(room: u32, threads: &'static [fn(&Scene)]) {
    let mut model = loom::model::Builder::new();
    // With more switches between threads the orders are too many to try.
    model.preemption_bound = Some(2);
    model.check(move || {
        let scene = Scene::new(room);
        let (first, others) = threads.split_first().expect("a thread");
        let others: Vec<_> = others
            .iter()
            .map(|part| {
                let scene = Arc::clone(&scene);
                thread::spawn(move || part(&scene))
            })
            .collect();
        first(&scene);
        for other in others {
            other.join().expect("no panic");
        }
        assert_eq!(scene.turns.taken(), (0, 0), "all room is back");
    });
}

#[test]
fn everybody_gets_a_turn_and_never_two_at_once() {
    model(
        1,
        &[
            |scene| scene.pass(1),
            |scene| scene.pass(1),
            |scene| scene.pass(1),
        ],
    );
}

#[test]
fn who_gives_up_takes_nobody_elses_turn() {
    model(
        1,
        &[|scene| scene.pass(1), Scene::give_up, |scene| scene.pass(1)],
    );
}

#[test]
fn a_heavy_one_waits_for_all_the_room_and_lets_it_go() {
    model(
        2,
        &[
            |scene| scene.pass(1),
            |scene| scene.pass(5),
            |scene| scene.pass(1),
        ],
    );
}
