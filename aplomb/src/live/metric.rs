//! [`Series`]: what the metrics of a probe have counted.

use std::collections::BTreeMap;

use super::definition::{MetricDefinition, MetricKind};
use crate::observe::{Distribution, MetricKind as Kind, Sink};

/// The most series of one metric.
const MOST: usize = 50;
/// The longest value of a label, in bytes.
pub(crate) const LABEL: usize = 64;
/// What stands for the labels of the series there is no room for.
const OTHER: &str = "other";

/// The upper bounds of the buckets of durations, in seconds.
const SECONDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
/// The upper bounds of the buckets of anything else.
const VALUES: [f64; 12] = [
    0.1, 1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 1_000.0, 10_000.0, 100_000.0,
];

/// What the metrics of a probe have counted, by the values of their labels.
#[derive(Debug, Default)]
pub(crate) struct Series(BTreeMap<Vec<String>, Sample>);

#[derive(Clone, Copy, Debug, Default)]
struct Sample {
    count: u64,
    sum: f64,
    last: f64,
    buckets: [u64; SECONDS.len()],
}

fn bounds(kind: MetricKind) -> &'static [f64; SECONDS.len()] {
    match kind {
        MetricKind::Duration => &SECONDS,
        _ => &VALUES,
    }
}

impl Series {
    /// Counts a value under these labels.
    pub(crate) fn add(&mut self, kind: MetricKind, labels: Vec<String>, value: f64) {
        let full = self.0.len() >= MOST && !self.0.contains_key(&labels);
        let labels = match full {
            true => vec![OTHER.to_owned(); labels.len()],
            false => labels,
        };
        let sample = self.0.entry(labels).or_default();
        sample.count += 1;
        // What is no finite number cannot be written as JSON.
        sample.sum = (sample.sum + value).clamp(f64::MIN, f64::MAX);
        sample.last = value;
        for (bucket, bound) in sample.buckets.iter_mut().zip(bounds(kind)) {
            *bucket += u64::from(value <= *bound);
        }
    }

    /// Gives the metric of a probe to what takes metrics.
    pub(crate) fn write(&self, probe: &str, metric: &MetricDefinition, sink: &mut dyn Sink) {
        let kind = match metric.kind {
            MetricKind::Counter => Kind::Counter,
            MetricKind::Gauge => Kind::Gauge,
            MetricKind::Histogram | MetricKind::Duration => Kind::Histogram,
        };
        let help = "Made by a live probe; ends with it.";
        sink.metric(&full_name(metric), kind, help);
        let names: Vec<&String> = metric.labels.keys().collect();
        for (values, sample) in &self.0 {
            let mut labels = vec![("probe", probe)];
            let pairs = names.iter().zip(values);
            labels.extend(pairs.map(|(name, value)| (name.as_str(), value.as_str())));
            match metric.kind {
                MetricKind::Counter => sink.sample(&labels, sample.count),
                MetricKind::Gauge => sink.sample(&labels, sample.last),
                MetricKind::Histogram | MetricKind::Duration => {
                    let bounds = bounds(metric.kind).iter().copied();
                    let up_to: Vec<(f64, u64)> = bounds.zip(sample.buckets).collect();
                    let distribution = Distribution {
                        up_to: &up_to,
                        sum: sample.sum,
                        count: sample.count,
                    };
                    sink.distribution(&labels, distribution);
                }
            }
        }
    }

    /// What it has counted, by labels, for the API.
    pub(crate) fn to_json(&self, metric: &MetricDefinition) -> crate::json::Value {
        let names: Vec<&String> = metric.labels.keys().collect();
        let series = self.0.iter().map(|(values, sample)| {
            let labels: crate::json::Object = names
                .iter()
                .zip(values)
                .map(|(name, value)| ((*name).clone(), value.as_str().into()))
                .collect();
            crate::json!({
                "labels": labels,
                "count": sample.count,
                "sum": sample.sum,
                "last": sample.last,
            })
        });
        series.collect()
    }
}

/// The name on `/metrics`.
pub(crate) fn full_name(metric: &MetricDefinition) -> String {
    let suffix = match metric.kind {
        MetricKind::Counter => "_total",
        MetricKind::Duration => "_seconds",
        MetricKind::Gauge | MetricKind::Histogram => "",
    };
    format!("live_{}{suffix}", metric.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_bounded() {
        let mut series = Series::default();
        for number in 0..1000 {
            series.add(MetricKind::Counter, vec![number.to_string()], 1.0);
        }
        assert_eq!(series.0.len(), MOST + 1);
        assert_eq!(series.0[&vec![OTHER.to_owned()]].count, 950);
    }
}
