//! [`Metrics`]: what a running service counts.

mod admission;
mod counts;
mod databases;
mod figures;
#[cfg(feature = "tls")]
mod handshakes;
mod histogram;
mod lanes;
mod moves;
mod process;
mod requests;
mod series;
mod sink;
mod spread;
mod text;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub(crate) use figures::{AdmissionFigures, RouteFigures};
pub(crate) use histogram::{Histogram, Sum};
pub(crate) use moves::{Move, moved};
pub(crate) use series::{SeriesTable, method_number};
#[cfg(feature = "otlp")]
pub(crate) use sink::Number;
pub(crate) use sink::{Distribution, Kind as MetricKind, Sink};
pub(crate) use spread::SpreadSum;
pub(crate) use text::Text as MetricsText;

use self::counts::{CLASSES, Counts, Threads};
use self::series::Label;
use self::sink::Kind;
use self::text::Text;
use super::{Fate, Phase, Record, Shed};
use crate::admission::{Gate, InFlight};
use crate::serve::lane::RouteLane;

/// What a running service has counted since it started, as Prometheus reads it.
///
/// The series are those of the routes and a few more, however many paths clients ask for: what has
/// no route has an empty `route`. Threads count each for itself, and their counts are summed when
/// somebody asks.
///
/// ```
/// use aplomb::prelude::*;
///
/// let service = App::new().build();
/// let text = service.metrics().render();
/// assert!(text.contains("http_requests_in_flight 0"));
/// ```
pub struct Metrics {
    labels: Vec<Label>,
    threads: Threads,
    in_flight: Arc<InFlight>,
    gates: Vec<Arc<Gate>>,
    lanes: BTreeMap<Label, Arc<RouteLane>>,
}

impl Metrics {
    pub(crate) fn new(table: &SeriesTable, in_flight: Arc<InFlight>) -> Self {
        let labels = table.labels().to_vec();
        let threads = Threads::new(labels.len());
        Self {
            labels,
            threads,
            in_flight,
            gates: table.gates().to_vec(),
            lanes: table.lanes().clone(),
        }
    }

    /// The media type of what [`render`](Self::render) gives.
    pub const CONTENT_TYPE: &'static str = text::CONTENT_TYPE;

    /// The metrics in Prometheus' text format, version 0.0.4.
    pub fn render(&self) -> String {
        let mut text = Text::default();
        self.write(&mut text);
        text.into_string()
    }

    /// Gives the metrics to what takes them.
    pub(crate) fn write(&self, sink: &mut dyn Sink) {
        let (in_flight, sums) = self.sums();
        sink.single(
            "http_requests_in_flight",
            Kind::Gauge,
            "Requests that have arrived and are not answered to the end.",
            in_flight,
        );
        requests::write(sink, &sums);
        admission::write(sink, &self.in_flight, &self.gates);
        lanes::write(sink, &self.lanes);
        moves::write(sink);
        databases::write(sink);
        #[cfg(feature = "tls")]
        handshakes::write(sink);
        process::write(sink);
    }

    /// Counts a request that is going to be answered.
    #[inline]
    pub(crate) fn began(&self) {
        self.threads.with_own(|counts| counts.began.add(1));
    }

    /// Counts a request that has ended.
    #[inline]
    pub(crate) fn ended(&self, record: &Record, began: bool) {
        self.threads.with_own(|counts| {
            counts.ended.add(u64::from(began));
            counts.add(record);
        });
    }

    /// How many requests are open, and the sums over all threads by label.
    fn sums(&self) -> (u64, BTreeMap<&Label, SeriesSums>) {
        let threads = self.threads.all();
        // Those that end while they are counted must not make it negative.
        let ended: u64 = threads.iter().map(|counts| counts.ended.get()).sum();
        let began: u64 = threads.iter().map(|counts| counts.began.get()).sum();
        let mut sums = BTreeMap::new();
        for counts in &threads {
            self.add(counts, &mut sums);
        }
        (began.saturating_sub(ended), sums)
    }

    fn add<'a>(&'a self, counts: &Counts, sums: &mut BTreeMap<&'a Label, SeriesSums>) {
        for (label, counts) in self.labels.iter().zip(&counts.series) {
            let Some(counts) = counts.get() else {
                continue;
            };
            let sum = sums.entry(label).or_default();
            for (sum, part) in sum.classes.iter_mut().zip(&counts.classes) {
                sum.add(part);
            }
            for (sum, part) in sum.phases.iter_mut().zip(&counts.phases) {
                sum.add(part);
            }
            for (sum, part) in sum.fates.iter_mut().zip(&counts.fates) {
                *sum += part.get();
            }
            for (sum, part) in sum.shed.iter_mut().zip(&counts.shed) {
                *sum += part.get();
            }
            for (sum, part) in sum.timed_out.iter_mut().zip(&counts.timed_out) {
                *sum += part.get();
            }
            sum.times.add(&counts.times);
            sum.bytes += counts.bytes.get();
        }
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Metrics")
            .field("series", &self.labels.len())
            .finish_non_exhaustive()
    }
}

/// What all threads together have counted in one series.
#[derive(Default)]
struct SeriesSums {
    classes: [Sum; CLASSES.len()],
    phases: [Sum; Phase::ALL.len()],
    fates: [u64; Fate::ALL.len()],
    shed: [u64; Shed::ALL.len()],
    timed_out: [u64; Phase::ALL.len()],
    times: SpreadSum,
    bytes: u64,
}

type Sums<'a> = BTreeMap<&'a Label, SeriesSums>;
