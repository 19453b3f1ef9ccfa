//! [`Metrics`]: what a running service counts.

mod counts;
mod histogram;
mod moves;
mod process;
mod series;
mod text;

use std::collections::BTreeMap;
use std::fmt;

pub(crate) use moves::{Move, moved};
pub(crate) use series::{SeriesTable, method_number};

use self::counts::{CLASSES, Counts, Threads};
use self::histogram::Sum;
use self::series::Label;
use self::text::{Kind, Text};
use super::{Fate, Phase, Record};

/// The bounds of the buckets for phases, in seconds: fewer than for whole requests.
const PHASE_BOUNDS: [f64; 5] = [0.001, 0.01, 0.1, 1.0, 10.0];

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
}

impl Metrics {
    pub(crate) fn new(table: &SeriesTable) -> Self {
        let labels = table.labels().to_vec();
        let threads = Threads::new(labels.len());
        Self { labels, threads }
    }

    /// The media type of what [`render`](Self::render) gives.
    pub const CONTENT_TYPE: &'static str = text::CONTENT_TYPE;

    /// The metrics in Prometheus' text format, version 0.0.4.
    pub fn render(&self) -> String {
        let mut text = Text::default();
        let (in_flight, sums) = self.sums();
        text.single(
            "http_requests_in_flight",
            Kind::Gauge,
            "Requests that have arrived and are not answered to the end.",
            in_flight,
        );
        requests(&mut text, &sums);
        durations(&mut text, &sums);
        phases(&mut text, &sums);
        fates(&mut text, &sums);
        moves::write(&mut text);
        process::write(&mut text);
        text.into_string()
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
    bytes: u64,
}

type Sums<'a> = BTreeMap<&'a Label, SeriesSums>;

fn requests(text: &mut Text, sums: &Sums<'_>) {
    let name = "http_requests_total";
    let help = "Requests that have ended, by the class of their status.";
    text.metric(name, Kind::Counter, help);
    for (label, class, sum) in classes(sums) {
        let labels = [
            ("route", &*label.route),
            ("method", &label.method),
            ("status", class),
        ];
        text.sample(name, &labels, sum.count());
    }
    let name = "http_response_bytes_total";
    let help = "Bytes of the bodies of responses, as they were handed over to be sent.";
    text.metric(name, Kind::Counter, help);
    for (label, sums) in sums {
        let labels = [("route", &*label.route), ("method", &label.method)];
        text.sample(name, &labels, sums.bytes);
    }
}

fn durations(text: &mut Text, sums: &Sums<'_>) {
    let name = "http_request_duration_seconds";
    let help = "Time from the end of a request's head to the last byte of its response.";
    text.metric(name, Kind::Histogram, help);
    for (label, class, sum) in classes(sums) {
        let labels = [
            ("route", &*label.route),
            ("method", &label.method),
            ("status", class),
        ];
        histogram(text, name, labels, sum, |_| true);
    }
}

fn phases(text: &mut Text, sums: &Sums<'_>) {
    let name = "http_request_phase_seconds";
    let help = "Time that requests spent in each phase that they went through.";
    text.metric(name, Kind::Histogram, help);
    for (label, sums) in sums {
        for (phase, sum) in Phase::ALL.iter().zip(&sums.phases) {
            let labels = [
                ("route", &*label.route),
                ("method", &label.method),
                ("phase", phase.name()),
            ];
            if sum.count() > 0 {
                histogram(text, name, labels, sum, |bound| {
                    PHASE_BOUNDS.contains(&bound)
                });
            }
        }
    }
}

fn fates(text: &mut Text, sums: &Sums<'_>) {
    let fates = [
        (
            Fate::Shed,
            "http_requests_shed_total",
            "Requests refused because of overload.",
        ),
        (
            Fate::TimedOut,
            "http_requests_deadline_exceeded_total",
            "Requests whose deadline passed before their answer began.",
        ),
        (
            Fate::Abandoned,
            "http_requests_abandoned_total",
            "Requests whose client left before the answer was there.",
        ),
    ];
    for (fate, name, help) in fates {
        text.metric(name, Kind::Counter, help);
        for (label, sums) in sums {
            let labels = [("route", &*label.route), ("method", &label.method)];
            text.sample(name, &labels, sums.fates[fate as usize]);
        }
    }
}

/// The sums of those classes of statuses that there were.
fn classes<'a>(sums: &'a Sums<'a>) -> impl Iterator<Item = (&'a Label, &'static str, &'a Sum)> {
    sums.iter().flat_map(|(label, sums)| {
        let classes = CLASSES.into_iter().zip(&sums.classes);
        let counted = classes.filter(|(_, sum)| sum.count() > 0);
        counted.map(|(class, sum)| (*label, class, sum))
    })
}

fn histogram(
    text: &mut Text,
    name: &str,
    labels: [(&str, &str); 3],
    sum: &Sum,
    shown: impl Fn(f64) -> bool,
) {
    let [first, second, third] = labels;
    let bucket = format!("{name}_bucket");
    for (bound, count) in sum.cumulative().filter(|(bound, _)| shown(*bound)) {
        let labels = [first, second, third, ("le", &bound.to_string())];
        text.sample(&bucket, &labels, count);
    }
    let labels = [first, second, third, ("le", "+Inf")];
    text.sample(&bucket, &labels, sum.count());
    text.sample(
        &format!("{name}_sum"),
        &[first, second, third],
        sum.seconds(),
    );
    text.sample(
        &format!("{name}_count"),
        &[first, second, third],
        sum.count(),
    );
}
