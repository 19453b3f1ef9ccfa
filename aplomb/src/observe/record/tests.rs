//! What a record says of what it was told.

use std::thread::sleep;

use super::*;

const LONG: Duration = Duration::from_millis(40);
const SHORT: Duration = Duration::from_millis(1);

fn record() -> Record {
    Record::new(&Method::GET, &Uri::from_static("/items?q=1"))
}

#[test]
fn time_goes_to_the_phase_it_was_spent_in() {
    let record = record();
    record.enter(Phase::Handler);
    sleep(LONG);
    record.poll_ends();
    sleep(LONG * 2);
    record.poll_begins();
    record.enter(Phase::Serialising);
    sleep(SHORT);
    record.answered(StatusCode::CREATED);
    record.end();
    let times = record.times();
    let handler = times.of(Phase::Handler);
    assert!(
        handler.busy >= LONG && handler.awaiting >= LONG * 2,
        "{times:?}"
    );
    assert!(times.of(Phase::Serialising).busy >= SHORT, "{times:?}");
    assert_eq!(times.of(Phase::Body), Spent::default());
    assert_eq!(times.longest(), Phase::Handler);
    assert_eq!(
        times.total(),
        record.age(),
        "no moment is lost, none counts twice"
    );
    assert_eq!(record.status(), Some(StatusCode::CREATED));
}

#[test]
fn a_request_can_be_looked_at_while_it_runs() {
    let record = record();
    record.enter(Phase::Body);
    record.poll_ends();
    sleep(LONG);
    assert_eq!((record.phase(), record.is_ended()), (Phase::Body, false));
    assert!(record.times().of(Phase::Body).awaiting >= LONG);
    assert!(record.age() >= LONG);
    assert_eq!((record.target(), record.status()), ("/items?q=1", None));
}

#[test]
fn nothing_is_added_after_the_end() {
    let record = record();
    record.end();
    let (times, age) = (record.times(), record.age());
    sleep(SHORT);
    record.enter(Phase::Handler);
    record.poll_begins();
    assert_eq!((record.times(), record.age()), (times, age));
}

#[test]
fn numbers_are_given_once() {
    let mut numbers: Vec<u64> = (0..4)
        .map(|_| std::thread::spawn(|| (0..100).map(|_| record().id()).collect::<Vec<_>>()))
        .flat_map(|thread| thread.join().expect("numbers"))
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 400);
}
