//! [`Sink`]: what takes metrics, whatever it makes of them.

use super::histogram::Sum;

/// What the samples of a metric are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    Histogram,
}

/// A number as it was counted or measured.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Number {
    Whole(u64),
    Real(f64),
}

/// How values are spread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Distribution<'a> {
    /// For each bound, the lowest first, how many are no greater.
    pub(crate) up_to: &'a [(f64, u64)],
    pub(crate) sum: f64,
    pub(crate) count: u64,
}

/// Takes metrics, one after the other.
pub(crate) trait Sink {
    /// Begins a metric: all its samples follow.
    fn metric(&mut self, name: &str, kind: Kind, help: &str);

    /// Takes a sample of the metric that was begun last.
    fn number(&mut self, labels: &[(&str, &str)], number: Number);

    /// Takes a sample of the histogram that was begun last.
    fn distribution(&mut self, labels: &[(&str, &str)], distribution: Distribution<'_>);
}

impl dyn Sink + '_ {
    /// Gives a sample of the metric that was begun last.
    pub(crate) fn sample(&mut self, labels: &[(&str, &str)], number: impl Into<Number>) {
        self.number(labels, number.into());
    }

    /// Begins a metric of one sample, and gives that.
    pub(crate) fn single(&mut self, name: &str, kind: Kind, help: &str, number: impl Into<Number>) {
        self.metric(name, kind, help);
        self.sample(&[], number);
    }

    /// Gives a sample of a histogram with those of its bounds that are shown.
    pub(super) fn histogram(
        &mut self,
        labels: &[(&str, &str)],
        sum: &Sum,
        shown: impl Fn(f64) -> bool,
    ) {
        let up_to: Vec<(f64, u64)> = sum
            .cumulative()
            .filter(|(bound, _)| shown(*bound))
            .collect();
        let distribution = Distribution {
            up_to: &up_to,
            sum: sum.seconds(),
            count: sum.count(),
        };
        self.distribution(labels, distribution);
    }
}

impl Number {
    #[cfg(feature = "otlp")]
    pub(crate) const fn real(self) -> f64 {
        match self {
            Self::Whole(number) => number as f64,
            Self::Real(number) => number,
        }
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self::Whole(number)
    }
}

impl From<usize> for Number {
    fn from(number: usize) -> Self {
        Self::Whole(number as u64)
    }
}

impl From<f64> for Number {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}
