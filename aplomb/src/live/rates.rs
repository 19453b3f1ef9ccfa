//! [`Rates`]: how often the points of routes were passed lately.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::point::Point;
use super::registry::LiveRoute;
use super::tally::Tally;
use crate::observe::{Phase, RouteFigures};

/// How far back is looked.
const WINDOW: Duration = Duration::from_secs(30);
/// How far apart the looks are that are remembered.
const APART: Duration = Duration::from_secs(5);
/// What was seen a shorter while ago says nothing of a rate.
const SHORTEST: Duration = Duration::from_secs(1);

/// How often the points of routes were passed lately: since somebody asked within the last half
/// minute, or else since the service was built. While nobody asks nothing is done.
#[derive(Debug)]
pub(crate) struct Rates {
    born: Instant,
    /// The oldest first.
    looks: Mutex<VecDeque<(Instant, Counted)>>,
}

/// What the routes had counted at a moment, by path template and method.
type Counted = HashMap<(String, String), Passed>;

/// How often each kind of point was passed; those that are not counted as such by what they cannot
/// be passed more often than. Behind those that metrics know are those of the tally.
type Passed = [u64; KNOWN + Tally::POINTS];

/// How many kinds of points the metrics know.
const KNOWN: usize = 6;

/// How often a second the points of routes were passed.
#[derive(Debug)]
pub(crate) struct PerSecond {
    seconds: f64,
    before: Counted,
    now: Counted,
}

impl Rates {
    pub(crate) fn new() -> Self {
        Self {
            born: Instant::now(),
            looks: Mutex::default(),
        }
    }

    /// The rates up to now, by what the routes have counted.
    pub(crate) fn look(
        &self,
        now: Instant,
        figures: &[RouteFigures],
        routes: &[LiveRoute],
    ) -> PerSecond {
        let mut counted = Counted::new();
        for route in figures {
            let passed = counted.entry((route.route.clone(), route.method.clone()));
            passed.or_default()[..KNOWN].copy_from_slice(&known(route));
        }
        for route in routes {
            // Whatever the method was; rates are those of all methods of a route.
            let methods = route.endpoint.operation.methods;
            let method = methods.first().copied().unwrap_or_default().to_owned();
            let passed = counted.entry((route.path.clone(), method)).or_default();
            let tally = route.endpoint.tally.counted();
            for (sum, part) in passed[KNOWN..].iter_mut().zip(tally) {
                *sum += part;
            }
        }
        self.since_before(now, counted)
    }

    fn since_before(&self, at: Instant, now: Counted) -> PerSecond {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.retain(|(before, _)| at.saturating_duration_since(*before) <= WINDOW);
        let far = |before: Instant| at.saturating_duration_since(before) >= SHORTEST;
        let (since, before) = match looks.front() {
            Some((before, counted)) if far(*before) => (*before, counted.clone()),
            _ => (self.born, Counted::new()),
        };
        let last = looks.back().map(|(last, _)| *last);
        if last.is_none_or(|last| at.saturating_duration_since(last) >= APART) {
            looks.push_back((at, now.clone()));
        }
        PerSecond {
            seconds: at
                .saturating_duration_since(since)
                .max(SHORTEST)
                .as_secs_f64(),
            before,
            now,
        }
    }
}

impl PerSecond {
    /// How often a second a point of a route was passed; nothing for what no request passes.
    pub(crate) fn of(&self, path: &str, methods: &[&str], point: &Point) -> Option<f64> {
        let place = place(point)?;
        let count = |counted: &Counted| -> u64 {
            let of = methods
                .iter()
                .filter_map(|method| counted.get(&(path.to_owned(), (*method).to_owned())));
            of.map(|passed| passed[place]).sum()
        };
        let passed = count(&self.now).saturating_sub(count(&self.before));
        Some(passed as f64 / self.seconds)
    }
}

fn known(route: &RouteFigures) -> [u64; KNOWN] {
    [
        route.came_to(Phase::Validation),
        route.refused,
        route.came_to(Phase::Dependencies),
        route.came_to(Phase::Handler),
        route.refused + route.failed,
        route.requests,
    ]
}

fn place(point: &Point) -> Option<usize> {
    match point {
        Point::Validate => Some(0),
        Point::Invalid => Some(1),
        Point::Dependency(_) => Some(2),
        Point::Handler => Some(3),
        Point::Error => Some(4),
        Point::Response => Some(5),
        Point::Task | Point::Database | Point::Open | Point::Message | Point::Close => {
            Tally::place(point).map(|place| KNOWN + place)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(requests: u64) -> Counted {
        let name = ("/items".to_owned(), "GET".to_owned());
        let passed = [requests, 0, 0, requests, 0, requests, 2 * requests, 0, 0, 0];
        Counted::from([(name, passed)])
    }

    #[test]
    fn rates_are_those_since_somebody_asked() {
        let rates = Rates::new();
        let after = |seconds| rates.born + Duration::from_secs(seconds);
        let rate = |at, requests| {
            let rates = rates.since_before(after(at), counted(requests));
            rates.of("/items", &["GET", "HEAD"], &Point::Response)
        };
        // Nobody has asked before: since the service was built.
        assert_eq!(rate(10, 100), Some(10.0));
        assert_eq!(rate(12, 300), Some(100.0));
        assert_eq!(rate(20, 400), Some(30.0));
        // All looks are too old.
        assert_eq!(rate(100, 500), Some(5.0));
        let rates = rates.since_before(after(101), counted(500));
        assert_eq!(rates.of("/items", &["GET"], &Point::Invalid), Some(0.0));
        assert_eq!(rates.of("/items", &["GET"], &Point::Task), None);
        assert_eq!(rates.of("/items", &["GET"], &Point::Message), Some(0.0));
        assert_eq!(rates.of("/other", &["GET"], &Point::Handler), Some(0.0));
    }

    #[test]
    fn few_looks_are_remembered() {
        let rates = Rates::new();
        for tenth in 0..10_000 {
            rates.since_before(
                rates.born + Duration::from_millis(100 * tenth),
                counted(tenth),
            );
        }
        let kept = rates.looks.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(kept.len() <= 7, "{}", kept.len());
    }
}
