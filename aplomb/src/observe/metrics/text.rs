//! The text that Prometheus reads.

use std::fmt::{Display, Write as _};

use super::histogram::Sum;

/// The media type of the text.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The text exposition format, version 0.0.4.
#[derive(Debug, Default)]
pub(crate) struct Text(String);

/// What the samples of a metric are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    Histogram,
}

impl Text {
    /// Begins a metric: all its samples follow.
    pub(crate) fn metric(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// Writes a sample.
    pub(crate) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.0.push_str(name);
        for (index, (label, value)) in labels.iter().enumerate() {
            self.0.push(if index == 0 { '{' } else { ',' });
            let _ = write!(self.0, "{label}=\"");
            for letter in value.chars() {
                match letter {
                    '\\' => self.0.push_str("\\\\"),
                    '"' => self.0.push_str("\\\""),
                    '\n' => self.0.push_str("\\n"),
                    letter => self.0.push(letter),
                }
            }
            self.0.push('"');
        }
        if !labels.is_empty() {
            self.0.push('}');
        }
        let _ = writeln!(self.0, " {value}");
    }

    /// Begins a metric of one sample, and writes that.
    pub(crate) fn single(&mut self, name: &str, kind: Kind, help: &str, value: impl Display) {
        self.metric(name, kind, help);
        self.sample(name, &[], value);
    }

    /// Writes the samples of a histogram with those of its bounds that are shown.
    pub(crate) fn histogram(
        &mut self,
        name: &str,
        labels: &[(&str, &str)],
        sum: &Sum,
        shown: impl Fn(f64) -> bool,
    ) {
        let bucket = format!("{name}_bucket");
        for (bound, count) in sum.cumulative().filter(|(bound, _)| shown(*bound)) {
            let bound = bound.to_string();
            self.sample(&bucket, &[labels, &[("le", &*bound)]].concat(), count);
        }
        let last = [labels, &[("le", "+Inf")]].concat();
        self.sample(&bucket, &last, sum.count());
        self.sample(&format!("{name}_sum"), labels, sum.seconds());
        self.sample(&format!("{name}_count"), labels, sum.count());
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }
}
