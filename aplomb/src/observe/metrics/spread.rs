//! How long requests took, so finely that a quantile of it is off by 6 % at the most.

use super::histogram::Counter;

/// Each doubling is parted into so many buckets.
const STEPS: usize = 8;
/// The shortest time that is told from none, as a power of two of nanoseconds: about 1 µs.
const UNIT: u32 = 10;
/// Doublings of the unit that are told from each other: up to about 73 min.
const DOUBLINGS: usize = 32;
/// How many bounds there are: the first doublings are of fewer units than there are steps.
const BOUNDS: usize = (DOUBLINGS - STEPS.ilog2() as usize + 1) * STEPS;
/// A bucket below each bound, and one for what is above all.
const BUCKETS: usize = BOUNDS + 1;

/// The bucket of a time.
#[inline]
fn bucket(nanoseconds: u64) -> usize {
    const STEP_BITS: u32 = STEPS.ilog2();
    let units = nanoseconds >> UNIT;
    if units < STEPS as u64 {
        return units as usize;
    }
    let doubling = units.ilog2();
    let shift = doubling - STEP_BITS;
    let step = (units >> shift) as usize % STEPS;
    ((shift as usize + 1) * STEPS + step).min(BOUNDS)
}

/// The bound above a bucket, in nanoseconds: what is there is less.
const fn bound(bucket: usize) -> u64 {
    let units = match bucket < STEPS {
        true => bucket as u64 + 1,
        false => ((STEPS + bucket % STEPS + 1) as u64) << (bucket / STEPS - 1),
    };
    units << UNIT
}

/// How long requests took, as one thread has counted them, or several that take turns.
#[derive(Debug)]
pub(super) struct Spread([Counter; BUCKETS]);

impl Default for Spread {
    fn default() -> Self {
        Self([const { Counter::new() }; BUCKETS])
    }
}

impl Spread {
    #[inline]
    pub(super) fn add(&self, nanoseconds: u64) {
        self.0[bucket(nanoseconds)].add(1);
    }
}

/// How long requests took, as all threads together have counted them.
#[derive(Clone, Debug)]
pub(crate) struct SpreadSum([u64; BUCKETS]);

impl Default for SpreadSum {
    fn default() -> Self {
        Self([0; BUCKETS])
    }
}

impl SpreadSum {
    pub(super) fn add(&mut self, part: &Spread) {
        for (sum, bucket) in self.0.iter_mut().zip(&part.0) {
            *sum += bucket.get();
        }
    }

    /// The buckets in which there are any, from below: which it is, and how many.
    pub(crate) fn buckets(&self) -> impl Iterator<Item = (usize, u64)> {
        let buckets = self.0.iter().copied().enumerate();
        buckets.filter(|(_, count)| *count > 0)
    }

    /// The bounds above the buckets, in milliseconds; above the last is one bucket more.
    pub(crate) fn bounds() -> impl Iterator<Item = f64> {
        (0..BOUNDS).map(|bucket| bound(bucket) as f64 / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_between_the_bounds_of_its_bucket() {
        let mut below = 0;
        for place in 0..BOUNDS {
            let above = bound(place);
            assert!(above > below, "{place}");
            for time in [below, (below + above) / 2, above - 1] {
                assert_eq!(bucket(time), place, "{time}");
            }
            let middle = (below + above) as f64 / 2.0;
            let off = (above as f64 - middle) / middle;
            assert!(place < STEPS || off < 0.06, "{place}: {off}");
            below = above;
        }
        assert!(below > 70 * 60 * 1_000_000_000, "{below}");
        for time in [below, u64::MAX] {
            assert_eq!(bucket(time), BOUNDS, "{time}");
        }
    }

    #[test]
    fn parts_are_summed() {
        let (one, other) = (Spread::default(), Spread::default());
        one.add(0);
        one.add(6_000_000_000);
        other.add(6_000_000_000);
        let mut sum = SpreadSum::default();
        sum.add(&one);
        sum.add(&other);
        assert!(sum.buckets().eq([(0, 1), (bucket(6_000_000_000), 2)]));
        assert_eq!(SpreadSum::bounds().count(), BOUNDS);
    }
}
