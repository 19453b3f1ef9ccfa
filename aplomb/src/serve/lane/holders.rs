//! Who held the threads that a request waited for.

use std::collections::HashMap;
use std::time::Duration;

use super::clock;
use super::polls::LongPoll;
use super::route;
use super::slot::{self, Owner};
use crate::observe::{Wait, WaitFor};

/// What held a thread for less is not told …
const LEAST: u64 = clock::nanoseconds(Duration::from_millis(5));
/// … nor for less than this part of the wait.
const PART: u64 = 20;
/// The most that are told.
const MOST: usize = 16;

/// A route that held a thread while a request waited for one.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    /// The method and path template.
    pub(crate) route: String,
    /// The name and number of the thread.
    pub(crate) thread: String,
    /// For how long of the wait, with all its polls.
    pub(crate) time: Duration,
}

/// Who held the threads during these waits, the longest first.
///
/// Threads of the isolated lane count for those that waited for one of them, workers for all
/// others. Polls below a millisecond are not known.
pub(crate) fn holders(waits: &[Wait]) -> Vec<Holder> {
    let spans = |isolated| {
        let waits = waits.iter();
        let fitting = waits.filter(|wait| (wait.on == WaitFor::Lane) == isolated);
        joined(fitting.map(|wait| (wait.from, wait.to)).collect())
    };
    let (on_workers, on_lane) = (spans(false), spans(true));
    let total = length(&on_workers) + length(&on_lane);
    let mut times: HashMap<(u32, String), u64> = HashMap::new();
    for slot in slot::all() {
        let spans = match slot.owner {
            Owner::Worker(_) => &on_workers,
            Owner::Isolated => &on_lane,
        };
        let Some((first, _)) = spans.first() else {
            continue;
        };
        let running = slot.polling().map(|sight| LongPoll {
            route: sight.route,
            began: sight.began,
            ended: clock::now(),
        });
        for poll in slot.polls.long_since(*first).into_iter().chain(running) {
            let shared: u64 = spans.iter().map(|span| overlap(&poll, *span)).sum();
            if shared > 0 {
                let key = (poll.route, slot.polls.thread.clone());
                *times.entry(key).or_default() += shared;
            }
        }
    }
    let told = times.into_iter();
    let told = told.filter(|(_, time)| *time >= LEAST && *time >= total / PART);
    let mut holders: Vec<Holder> = told
        .map(|((route, thread), time)| Holder {
            route: route::of(route).map_or_else(String::new, |route| route.name().to_owned()),
            thread,
            time: Duration::from_nanos(time),
        })
        .collect();
    holders.sort_by(|one, other| {
        let by_time = other.time.cmp(&one.time);
        by_time.then_with(|| one.thread.cmp(&other.thread))
    });
    holders.truncate(MOST);
    holders
}

/// The same moments without those that are there twice.
fn joined(mut spans: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    spans.sort_unstable();
    let mut joined: Vec<(u64, u64)> = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        match joined.last_mut() {
            Some((_, end)) if *end >= from => *end = to.max(*end),
            _ => joined.push((from, to)),
        }
    }
    joined
}

fn length(spans: &[(u64, u64)]) -> u64 {
    spans
        .iter()
        .map(|(from, to)| to.saturating_sub(*from))
        .sum()
}

fn overlap(poll: &LongPoll, (from, to): (u64, u64)) -> u64 {
    poll.ended.min(to).saturating_sub(poll.began.max(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_count_once() {
        let spans = joined(vec![(50, 60), (1, 10), (5, 20), (20, 30), (55, 58)]);
        assert_eq!(spans, [(1, 30), (50, 60)]);
        assert_eq!(length(&spans), 39);
    }

    #[test]
    fn only_what_is_in_the_wait_counts() {
        let poll = |began, ended| LongPoll {
            route: 1,
            began,
            ended,
        };
        for (began, ended, shared) in [(0, 5, 0), (0, 15, 5), (12, 14, 2), (0, 90, 10), (25, 30, 0)]
        {
            assert_eq!(overlap(&poll(began, ended), (10, 20)), shared);
        }
    }
}
