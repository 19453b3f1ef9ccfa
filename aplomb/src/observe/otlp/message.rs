//! [`Message`]: metrics as OTLP has them.

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Gauge, Histogram, HistogramDataPoint, Metric, NumberDataPoint, Sum,
    metric, number_data_point,
};

use crate::observe::metrics::{Distribution, MetricKind, Number, Sink};

/// When something was counted: from when on, and until when, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) now: u64,
}

/// Metrics as OTLP has them.
#[derive(Debug)]
pub(super) struct Message {
    span: Span,
    metrics: Vec<Metric>,
}

impl Message {
    pub(super) const fn new(span: Span) -> Self {
        Self {
            span,
            metrics: Vec::new(),
        }
    }

    pub(super) fn into_metrics(self) -> Vec<Metric> {
        self.metrics
    }

    /// Where the samples go of the metric that was begun last.
    fn data(&mut self) -> Option<&mut metric::Data> {
        self.metrics.last_mut()?.data.as_mut()
    }
}

impl Sink for Message {
    fn metric(&mut self, name: &str, kind: MetricKind, help: &str) {
        let aggregation_temporality = AggregationTemporality::Cumulative.into();
        let data = match kind {
            MetricKind::Counter => metric::Data::Sum(Sum {
                data_points: Vec::new(),
                aggregation_temporality,
                is_monotonic: true,
            }),
            MetricKind::Gauge => metric::Data::Gauge(Gauge::default()),
            MetricKind::Histogram => metric::Data::Histogram(Histogram {
                data_points: Vec::new(),
                aggregation_temporality,
            }),
        };
        self.metrics.push(Metric {
            name: name.to_owned(),
            description: help.to_owned(),
            unit: if name.contains("_seconds") { "s" } else { "" }.to_owned(),
            data: Some(data),
            ..Metric::default()
        });
    }

    fn number(&mut self, labels: &[(&str, &str)], number: Number) {
        let point = NumberDataPoint {
            attributes: attributes(labels.iter().copied()),
            start_time_unix_nano: self.span.start,
            time_unix_nano: self.span.now,
            value: Some(number_data_point::Value::AsDouble(number.real())),
            ..NumberDataPoint::default()
        };
        match self.data() {
            Some(metric::Data::Sum(sum)) => sum.data_points.push(point),
            Some(metric::Data::Gauge(gauge)) => gauge.data_points.push(point),
            // No metric of numbers was begun.
            _ => {}
        }
    }

    fn distribution(&mut self, labels: &[(&str, &str)], distribution: Distribution<'_>) {
        let Distribution { up_to, sum, count } = distribution;
        let mut before = 0;
        let all = up_to.iter().map(|(_, up_to)| *up_to).chain([count]);
        let each = all.map(|up_to| up_to.saturating_sub(std::mem::replace(&mut before, up_to)));
        let point = HistogramDataPoint {
            attributes: attributes(labels.iter().copied()),
            start_time_unix_nano: self.span.start,
            time_unix_nano: self.span.now,
            count,
            sum: Some(sum),
            bucket_counts: each.collect(),
            explicit_bounds: up_to.iter().map(|(bound, _)| *bound).collect(),
            ..HistogramDataPoint::default()
        };
        if let Some(metric::Data::Histogram(histogram)) = self.data() {
            histogram.data_points.push(point);
        }
    }
}

/// As OTLP has labels.
pub(super) fn attributes<'a>(labels: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<KeyValue> {
    let attributes = labels.map(|(name, value)| KeyValue {
        key: name.to_owned(),
        value: Some(AnyValue {
            value: Some(any_value::Value::StringValue(value.to_owned())),
        }),
        ..KeyValue::default()
    });
    attributes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_taken_whole() {
        let mut message = Message::new(Span { start: 1, now: 2 });
        let sink: &mut dyn Sink = &mut message;
        sink.metric("a_total", MetricKind::Counter, "How many.");
        sink.sample(&[("route", "GET /\"x\""), ("b", "1,2}\n")], 3_u64);
        sink.single("g", MetricKind::Gauge, "G.", 1.5);
        sink.metric("h_seconds", MetricKind::Histogram, "H.");
        let distribution = Distribution {
            up_to: &[(0.1, 2), (0.5, 4)],
            sum: 0.7,
            count: 5,
        };
        sink.distribution(&[("r", "1")], distribution);
        let taken = message.into_metrics();
        let names: Vec<&str> = taken.iter().map(|metric| metric.name.as_str()).collect();
        assert_eq!(names, ["a_total", "g", "h_seconds"]);
        let Some(metric::Data::Sum(sum)) = &taken[0].data else {
            panic!("{:?}", taken[0]);
        };
        let expected = attributes([("route", "GET /\"x\""), ("b", "1,2}\n")].into_iter());
        assert_eq!(sum.data_points[0].attributes, expected);
        assert_eq!(
            sum.data_points[0].value,
            Some(number_data_point::Value::AsDouble(3.0))
        );
        let Some(metric::Data::Histogram(spread)) = &taken[2].data else {
            panic!("{:?}", taken[2]);
        };
        let point = &spread.data_points[0];
        assert_eq!((&point.bucket_counts[..], point.count), (&[2, 2, 1][..], 5));
        assert_eq!(
            (&point.explicit_bounds[..], point.sum),
            (&[0.1, 0.5][..], Some(0.7))
        );
        assert_eq!(taken[2].unit, "s");
    }
}
