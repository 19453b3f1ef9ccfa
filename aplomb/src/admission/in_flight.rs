//! [`InFlight`]: how many requests are being answered.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use super::Busy;
use crate::observe::Shed;

/// How many requests are being answered, and how many may be.
#[derive(Debug)]
pub(crate) struct InFlight {
    now: AtomicUsize,
    most: usize,
}

/// A request that counts until this is dropped.
#[derive(Debug)]
pub(crate) struct Counted<'a> {
    of: &'a InFlight,
    weight: usize,
}

impl InFlight {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            now: AtomicUsize::new(0),
            most,
        }
    }

    /// How many requests may be answered at a time, and how many are, by their weight.
    pub(crate) fn figures(&self) -> (usize, usize) {
        (self.most, self.now.load(Relaxed))
    }

    /// Counts a request, unless there are too many; one without weight always passes.
    #[inline]
    pub(crate) fn count(&self, weight: u32) -> Result<Counted<'_>, Busy> {
        let weight = weight as usize;
        let before = self.now.fetch_add(weight, Relaxed);
        let counted = Counted { of: self, weight };
        match weight == 0 || before.saturating_add(weight) <= self.most {
            true => Ok(counted),
            false => Err(Busy::after(Duration::ZERO).because(Shed::Limit)),
        }
    }
}

impl Drop for Counted<'_> {
    #[inline]
    fn drop(&mut self) {
        self.of.now.fetch_sub(self.weight, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_count_by_their_weight_until_they_are_over() {
        let in_flight = InFlight::new(3);
        let heavy = in_flight.count(2).expect("room");
        let light = in_flight.count(1).expect("room");
        assert!(in_flight.count(1).is_err());
        in_flight.count(0).expect("always");
        drop(light);
        assert!(in_flight.count(2).is_err());
        drop(heavy);
        in_flight.count(3).expect("what was refused counts no more");
    }
}
