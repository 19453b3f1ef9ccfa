//! What is told of requests.

use super::counts::CLASSES;
use super::text::{Kind, Text};
use super::{Label, Sum, Sums};
use crate::observe::{Fate, Phase, Shed};

/// The bounds of the buckets for phases, in seconds: fewer than for whole requests.
const PHASE_BOUNDS: [f64; 5] = [0.001, 0.01, 0.1, 1.0, 10.0];

pub(super) fn write(text: &mut Text, sums: &Sums<'_>) {
    ended(text, sums);
    durations(text, sums);
    phases(text, sums);
    fates(text, sums);
    reasons(text, sums);
}

fn ended(text: &mut Text, sums: &Sums<'_>) {
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
        text.histogram(name, &labels, sum, |_| true);
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
                text.histogram(name, &labels, sum, |bound| PHASE_BOUNDS.contains(&bound));
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
        (
            Fate::Broken,
            "http_requests_broken_total",
            "Requests whose answer broke off because what made it failed.",
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

/// Why they were refused, and what took the time of those that were late; what was not is not said.
fn reasons(text: &mut Text, sums: &Sums<'_>) {
    let name = "aplomb_requests_shed_total";
    let help = "Requests refused because of overload, by the reason.";
    text.metric(name, Kind::Counter, help);
    for (label, sums) in sums {
        for (reason, count) in Shed::ALL.iter().zip(sums.shed) {
            counted(text, name, label, ("reason", reason.name()), count);
        }
    }
    let name = "aplomb_requests_deadline_exceeded_total";
    let help = "Requests whose deadline passed, by the phase that took most of their time.";
    text.metric(name, Kind::Counter, help);
    for (label, sums) in sums {
        for (phase, count) in Phase::ALL.iter().zip(sums.timed_out) {
            counted(text, name, label, ("phase", phase.name()), count);
        }
    }
}

fn counted(text: &mut Text, name: &str, label: &Label, what: (&str, &str), count: u64) {
    if count > 0 {
        let labels = [("route", &*label.route), ("method", &label.method), what];
        text.sample(name, &labels, count);
    }
}
