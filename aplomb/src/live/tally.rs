//! [`Tally`]: how often the points of a route were passed that are no step of each request.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use super::point::Point;

/// So many threads count without waiting for each other: all conversations of a service may be those
/// of one route.
const LANES: usize = 8;

/// How often the points of a route were passed that a request passes many times, or never: its
/// statements, and those of conversations. The others are known from the metrics.
///
/// Passing one adds to a number that few threads share; a route that has no such points has nothing.
#[derive(Debug, Default)]
pub(crate) struct Tally(OnceLock<Box<[Lane; LANES]>>);

/// What some of the threads have counted, apart in memory from what others have.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Lane([AtomicU64; Tally::POINTS]);

impl Tally {
    /// How many points are counted.
    pub(crate) const POINTS: usize = 4;

    /// The place of a point among those that are counted.
    #[inline]
    pub(crate) const fn place(point: &Point) -> Option<usize> {
        match point {
            Point::Database => Some(0),
            Point::Open => Some(1),
            Point::Message => Some(2),
            Point::Close => Some(3),
            Point::Validate
            | Point::Invalid
            | Point::Dependency(_)
            | Point::Handler
            | Point::Error
            | Point::Response
            | Point::Task => None,
        }
    }

    /// A point is passed.
    #[inline]
    pub(crate) fn count(&self, point: &Point) {
        if let Some(place) = Self::place(point) {
            let lanes = self.0.get_or_init(Box::default);
            lanes[lane()].0[place].fetch_add(1, Relaxed);
        }
    }

    /// How often each was passed, in the order of their places.
    pub(crate) fn counted(&self) -> [u64; Self::POINTS] {
        let lanes = self.0.get().map_or(&[][..], |lanes| &lanes[..]);
        std::array::from_fn(|place| lanes.iter().map(|lane| lane.0[place].load(Relaxed)).sum())
    }
}

/// That of this thread.
#[inline]
fn lane() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);

    thread_local! {
        static LANE: usize = NEXT.fetch_add(1, Relaxed) % LANES;
    }
    LANE.with(|lane| *lane)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_threads_than_lanes_lose_nothing() {
        let tally = Tally::default();
        assert_eq!(tally.counted(), [0; Tally::POINTS]);
        std::thread::scope(|scope| {
            for _ in 0..2 * LANES {
                scope.spawn(|| {
                    for _ in 0..1000 {
                        tally.count(&Point::Message);
                    }
                    tally.count(&Point::Close);
                    tally.count(&Point::Handler);
                });
            }
        });
        let threads = 2 * LANES as u64;
        assert_eq!(tally.counted(), [0, 0, 1000 * threads, threads]);
    }
}
