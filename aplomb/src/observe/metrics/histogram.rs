//! Times counted by how long they were.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The upper bounds of the buckets, in nanoseconds; each is at least twice the one before.
pub(super) const BOUNDS: [u64; 18] = [
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000,
    5_000_000_000,
    10_000_000_000,
    30_000_000_000,
    60_000_000_000,
];

/// A bucket for each bound, and one for what is above all.
const BUCKETS: usize = BOUNDS.len() + 1;

/// For each number of significant bits, the first bucket that a number of that length may be in.
const FIRST: [u8; 65] = {
    let mut first = [0; 65];
    let mut bits = 1;
    while bits <= 64 {
        let smallest = 1_u64 << (bits - 1);
        let mut bucket = 0;
        while bucket < BOUNDS.len() && BOUNDS[bucket] < smallest {
            bucket += 1;
        }
        first[bits] = bucket as u8;
        bits += 1;
    }
    first
};

/// The bucket of a time: there is at most one bound among the numbers of one length.
#[inline]
fn bucket(nanoseconds: u64) -> usize {
    let first = usize::from(FIRST[(u64::BITS - nanoseconds.leading_zeros()) as usize]);
    match BOUNDS.get(first) {
        Some(bound) => first + usize::from(nanoseconds > *bound),
        None => first,
    }
}

/// A number that one thread counts up and any may read.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(super) const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Adds to it; not meant for two threads, which is what makes it cheap.
    #[inline]
    pub(crate) fn add(&self, count: u64) {
        self.0
            .store(self.0.load(Relaxed).wrapping_add(count), Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// Times of one kind, as one thread has counted them, or several that take turns.
#[derive(Debug)]
pub(crate) struct Histogram {
    buckets: [Counter; BUCKETS],
    sum: Counter,
}

impl Default for Histogram {
    fn default() -> Self {
        Self::new()
    }
}

impl Histogram {
    pub(crate) const fn new() -> Self {
        Self {
            buckets: [const { Counter::new() }; BUCKETS],
            sum: Counter::new(),
        }
    }

    #[inline]
    pub(crate) fn add(&self, nanoseconds: u64) {
        self.buckets[bucket(nanoseconds)].add(1);
        self.sum.add(nanoseconds);
    }

    /// Whether nothing has been counted.
    pub(crate) fn is_empty(&self) -> bool {
        self.buckets.iter().all(|bucket| bucket.get() == 0)
    }

    /// Adds what another has counted.
    pub(crate) fn merge(&self, other: &Self) {
        for (own, bucket) in self.buckets.iter().zip(&other.buckets) {
            own.add(bucket.get());
        }
        self.sum.add(other.sum.get());
    }
}

/// Times of one kind, as all threads together have counted them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sum {
    buckets: [u64; BUCKETS],
    nanoseconds: u64,
}

impl Sum {
    pub(crate) fn add(&mut self, part: &Histogram) {
        for (sum, bucket) in self.buckets.iter_mut().zip(&part.buckets) {
            *sum += bucket.get();
        }
        self.nanoseconds += part.sum.get();
    }

    /// How many there were.
    pub(super) fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// How long they were together.
    pub(super) fn seconds(&self) -> f64 {
        self.nanoseconds as f64 / 1e9
    }

    /// For each bound, in seconds, how many were no longer.
    pub(super) fn cumulative(&self) -> impl Iterator<Item = (f64, u64)> {
        let mut count = 0;
        BOUNDS.iter().zip(self.buckets).map(move |(bound, bucket)| {
            count += bucket;
            (*bound as f64 / 1e9, count)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_in_its_bucket() {
        let slow = |time: u64| BOUNDS.iter().filter(|bound| time > **bound).count();
        for bound in BOUNDS {
            for time in [bound - 1, bound, bound + 1, bound * 3 / 2] {
                assert_eq!(bucket(time), slow(time), "{time}");
            }
        }
        for time in [0, 1, 99, u64::MAX] {
            assert_eq!(bucket(time), slow(time), "{time}");
        }
    }

    #[test]
    fn parts_are_summed() {
        let (one, other) = (Histogram::default(), Histogram::default());
        one.add(50_000);
        one.add(70_000_000_000);
        other.add(600_000_000);
        let mut sum = Sum::default();
        sum.add(&one);
        sum.add(&other);
        assert_eq!(sum.count(), 3);
        assert!((sum.seconds() - 70.60005).abs() < 1e-9);
        let cumulative: Vec<_> = sum.cumulative().collect();
        assert_eq!(cumulative[0], (0.0001, 1));
        assert_eq!(cumulative[12], (1.0, 2));
        assert_eq!(cumulative[17], (60.0, 2));
    }
}
