//! What Prometheus reads, as OTLP has it.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Gauge, Histogram, HistogramDataPoint, Metric, NumberDataPoint, Sum,
    metric, number_data_point,
};

/// When something was counted: from when on, and until when, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) now: u64,
}

/// Reads the metrics of a text that this library wrote.
pub(super) fn metrics(text: &str, span: Span) -> Vec<Metric> {
    let mut metrics = Vec::new();
    let mut help = "";
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(said) = line.strip_prefix("# HELP ") {
            help = said.split_once(' ').map_or("", |(_, help)| help);
            continue;
        }
        let Some((name, kind)) = line
            .strip_prefix("# TYPE ")
            .and_then(|said| said.split_once(' '))
        else {
            continue;
        };
        let mut samples = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
            samples.extend(Sample::read(line));
        }
        let data = match kind {
            "histogram" => histogram(&samples, span),
            "counter" => metric::Data::Sum(Sum {
                data_points: points(&samples, span),
                aggregation_temporality: AggregationTemporality::Cumulative.into(),
                is_monotonic: true,
            }),
            _ => metric::Data::Gauge(Gauge {
                data_points: points(&samples, span),
            }),
        };
        metrics.push(Metric {
            name: name.to_owned(),
            description: help.to_owned(),
            unit: if name.contains("_seconds") { "s" } else { "" }.to_owned(),
            data: Some(data),
            ..Metric::default()
        });
    }
    metrics
}

fn points(samples: &[Sample], span: Span) -> Vec<NumberDataPoint> {
    let points = samples.iter().map(|sample| NumberDataPoint {
        attributes: attributes(&sample.labels),
        start_time_unix_nano: span.start,
        time_unix_nano: span.now,
        value: Some(number_data_point::Value::AsDouble(sample.value)),
        ..NumberDataPoint::default()
    });
    points.collect()
}

/// What the samples of one histogram with the same labels say.
#[derive(Default)]
struct Spread {
    /// Upper bounds and how many there are up to each.
    buckets: Vec<(f64, f64)>,
    sum: f64,
    count: f64,
}

fn histogram(samples: &[Sample], span: Span) -> metric::Data {
    let mut spreads: BTreeMap<Vec<(String, String)>, Spread> = BTreeMap::new();
    for sample in samples {
        let mut labels = sample.labels.clone();
        let bound = labels.iter().position(|(name, _)| name == "le");
        let bound = bound.map(|at| labels.remove(at).1);
        let spread = spreads.entry(labels).or_default();
        match bound {
            Some(bound) => {
                if let Ok(bound) = bound.parse::<f64>() {
                    spread.buckets.push((bound, sample.value));
                }
            }
            None if sample.name.ends_with("_sum") => spread.sum = sample.value,
            None => spread.count = sample.value,
        }
    }
    let points = spreads.into_iter().map(|(labels, spread)| {
        let mut before = 0.0;
        let counts = spread.buckets.iter().map(|(_, until)| {
            let own = until - before;
            before = *until;
            own as u64
        });
        let bucket_counts = counts.collect();
        let bounds = spread.buckets.iter().map(|(bound, _)| *bound);
        HistogramDataPoint {
            attributes: attributes(&labels),
            start_time_unix_nano: span.start,
            time_unix_nano: span.now,
            count: spread.count as u64,
            sum: Some(spread.sum),
            bucket_counts,
            explicit_bounds: bounds.filter(|bound| bound.is_finite()).collect(),
            ..HistogramDataPoint::default()
        }
    });
    metric::Data::Histogram(Histogram {
        data_points: points.collect(),
        aggregation_temporality: AggregationTemporality::Cumulative.into(),
    })
}

/// As OTLP has labels.
pub(super) fn attributes(labels: &[(String, String)]) -> Vec<KeyValue> {
    let attributes = labels.iter().map(|(name, value)| KeyValue {
        key: name.clone(),
        value: Some(AnyValue {
            value: Some(any_value::Value::StringValue(value.clone())),
        }),
        ..KeyValue::default()
    });
    attributes.collect()
}

/// A line of the text.
#[derive(Debug, PartialEq)]
struct Sample {
    name: String,
    labels: Vec<(String, String)>,
    value: f64,
}

impl Sample {
    fn read(line: &str) -> Option<Self> {
        let (head, value) = line.rsplit_once(' ')?;
        let value = value.parse().ok()?;
        let (name, labels) = match head.split_once('{') {
            Some((name, labels)) => (name, read_labels(labels.strip_suffix('}')?)?),
            None => (head, Vec::new()),
        };
        Some(Self {
            name: name.to_owned(),
            labels,
            value,
        })
    }
}

/// Reads `a="b",c="d"`.
fn read_labels(mut text: &str) -> Option<Vec<(String, String)>> {
    let mut labels = Vec::new();
    while !text.is_empty() {
        let (name, rest) = text.split_once("=\"")?;
        let mut value = String::new();
        let mut letters = rest.char_indices();
        let end = loop {
            match letters.next()? {
                (at, '"') => break at,
                (_, '\\') => value.push(match letters.next()?.1 {
                    'n' => '\n',
                    letter => letter,
                }),
                (_, letter) => value.push(letter),
            }
        };
        labels.push((name.trim_start_matches(',').to_owned(), value));
        text = &rest[end + 1..];
    }
    Some(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# HELP a_total How many.\n# TYPE a_total counter\na_total{route=\"GET /\\\"x\\\"\",b=\"1,2}\"} 3\n\
                        # HELP g G.\n# TYPE g gauge\ng 1.5\n\
                        # HELP h_seconds H.\n# TYPE h_seconds histogram\nh_seconds_bucket{r=\"1\",le=\"0.1\"} 2\n\
                        h_seconds_bucket{r=\"1\",le=\"+Inf\"} 5\nh_seconds_sum{r=\"1\"} 0.7\nh_seconds_count{r=\"1\"} 5\n";

    #[test]
    fn a_page_is_read_whole() {
        let read = metrics(TEXT, Span { start: 1, now: 2 });
        let names: Vec<&str> = read.iter().map(|metric| metric.name.as_str()).collect();
        assert_eq!(names, ["a_total", "g", "h_seconds"]);
        let Some(metric::Data::Sum(sum)) = &read[0].data else {
            panic!("{:?}", read[0]);
        };
        assert_eq!(sum.data_points[0].attributes.len(), 2);
        assert_eq!(
            sum.data_points[0].value,
            Some(number_data_point::Value::AsDouble(3.0))
        );
        let Some(metric::Data::Histogram(spread)) = &read[2].data else {
            panic!("{:?}", read[2]);
        };
        let point = &spread.data_points[0];
        assert_eq!((&point.bucket_counts[..], point.count), (&[2, 3][..], 5));
        assert_eq!(
            (&point.explicit_bounds[..], point.sum),
            (&[0.1][..], Some(0.7))
        );
        assert_eq!(read[2].unit, "s");
    }

    #[test]
    fn labels_are_read_as_they_were_written() {
        let sample = Sample::read("x{a=\"1\\\\\\n\",b=\"} \"} 2").expect("a sample");
        let labels = [("a", "1\\\n"), ("b", "} ")];
        let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(sample.labels, labels);
        assert_eq!(Sample::read("nonsense"), None);
    }
}
