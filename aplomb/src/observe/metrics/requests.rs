//! What is told of requests.

use super::counts::CLASSES;
use super::sink::{Kind, Sink};
use super::{Label, Sum, Sums};
use crate::observe::{Fate, Phase, Shed};

/// The bounds of the buckets for phases, in seconds: fewer than for whole requests.
const PHASE_BOUNDS: [f64; 5] = [0.001, 0.01, 0.1, 1.0, 10.0];

pub(super) fn write(sink: &mut dyn Sink, sums: &Sums<'_>) {
    ended(sink, sums);
    durations(sink, sums);
    phases(sink, sums);
    fates(sink, sums);
    reasons(sink, sums);
}

fn ended(sink: &mut dyn Sink, sums: &Sums<'_>) {
    let name = "http_requests_total";
    let help = "Requests that have ended, by the class of their status.";
    sink.metric(name, Kind::Counter, help);
    for (label, class, sum) in classes(sums) {
        let labels = [
            ("route", &*label.route),
            ("method", &label.method),
            ("status", class),
        ];
        sink.sample(&labels, sum.count());
    }
    let name = "http_response_bytes_total";
    let help = "Bytes of the bodies of responses, as they were handed over to be sent.";
    sink.metric(name, Kind::Counter, help);
    for (label, sums) in sums {
        let labels = [("route", &*label.route), ("method", &label.method)];
        sink.sample(&labels, sums.bytes);
    }
}

fn durations(sink: &mut dyn Sink, sums: &Sums<'_>) {
    let name = "http_request_duration_seconds";
    let help = "Time from the end of a request's head to the last byte of its response.";
    sink.metric(name, Kind::Histogram, help);
    for (label, class, sum) in classes(sums) {
        let labels = [
            ("route", &*label.route),
            ("method", &label.method),
            ("status", class),
        ];
        sink.histogram(&labels, sum, |_| true);
    }
}

fn phases(sink: &mut dyn Sink, sums: &Sums<'_>) {
    let name = "http_request_phase_seconds";
    let help = "Time that requests spent in each phase that they went through.";
    sink.metric(name, Kind::Histogram, help);
    for (label, sums) in sums {
        for (phase, sum) in Phase::ALL.iter().zip(&sums.phases) {
            let labels = [
                ("route", &*label.route),
                ("method", &label.method),
                ("phase", phase.name()),
            ];
            if sum.count() > 0 {
                sink.histogram(&labels, sum, |bound| PHASE_BOUNDS.contains(&bound));
            }
        }
    }
}

fn fates(sink: &mut dyn Sink, sums: &Sums<'_>) {
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
        (
            Fate::Broken,
            "http_requests_broken_total",
            "Requests whose answer broke off because what made it failed.",
        ),
    ];
    for (fate, name, help) in fates {
        sink.metric(name, Kind::Counter, help);
        for (label, sums) in sums {
            let labels = [("route", &*label.route), ("method", &label.method)];
            sink.sample(&labels, sums.fates[fate as usize]);
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

/// Why they were refused, and what took the time of those that were late; what was not is not said.
fn reasons(sink: &mut dyn Sink, sums: &Sums<'_>) {
    let name = "aplomb_requests_shed_total";
    let help = "Requests refused because of overload, by the reason.";
    sink.metric(name, Kind::Counter, help);
    for (label, sums) in sums {
        for (reason, count) in Shed::ALL.iter().zip(sums.shed) {
            counted(sink, label, ("reason", reason.name()), count);
        }
    }
    let name = "aplomb_requests_deadline_exceeded_total";
    let help = "Requests whose deadline passed, by the phase that took most of their time.";
    sink.metric(name, Kind::Counter, help);
    for (label, sums) in sums {
        for (phase, count) in Phase::ALL.iter().zip(sums.timed_out) {
            counted(sink, label, ("phase", phase.name()), count);
        }
    }
}

fn counted(sink: &mut dyn Sink, label: &Label, what: (&str, &str), count: u64) {
    if count > 0 {
        let labels = [("route", &*label.route), ("method", &label.method), what];
        sink.sample(&labels, count);
    }
}
