//! [`Traffic`]: what has gone through a route.

use std::collections::BTreeMap;

use crate::exposition::Exposition;

/// What has gone through a route since its service started, or between two moments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) requests: f64,
    /// Those answered with 5xx.
    pub(crate) failed: f64,
    pub(crate) shed: f64,
    pub(crate) timed_out: f64,
    /// Whether it is in the isolated lane now.
    pub(crate) isolated: bool,
    /// How many took at most so long, in seconds; a bound at infinity is not there.
    at_most: Vec<(f64, f64)>,
}

/// The traffic of each route, by method and path template.
pub(crate) fn by_route(exposition: &Exposition) -> BTreeMap<(String, String), Traffic> {
    let mut routes: BTreeMap<(String, String), Traffic> = BTreeMap::new();
    let mut add = |metric: &str, count: &dyn Fn(&mut Traffic, f64, &crate::exposition::Sample)| {
        for sample in exposition.samples(metric) {
            let route = (
                sample.label("method").to_owned(),
                sample.label("route").to_owned(),
            );
            count(routes.entry(route).or_default(), sample.value, sample);
        }
    };
    add("http_requests_total", &|traffic, value, sample| {
        traffic.requests += value;
        if sample.label("status") == "5xx" {
            traffic.failed += value;
        }
    });
    add("http_requests_shed_total", &|traffic, value, _| {
        traffic.shed += value;
    });
    add(
        "http_requests_deadline_exceeded_total",
        &|traffic, value, _| traffic.timed_out += value,
    );
    add("aplomb_route_isolated", &|traffic, value, _| {
        traffic.isolated = value > 0.0;
    });
    add(
        "http_request_duration_seconds_bucket",
        &|traffic, value, sample| {
            if let Ok(bound) = sample.label("le").parse::<f64>()
                && bound.is_finite()
            {
                match traffic.at_most.iter_mut().find(|(of, _)| *of == bound) {
                    Some((_, count)) => *count += value,
                    None => traffic.at_most.push((bound, value)),
                }
            }
        },
    );
    for traffic in routes.values_mut() {
        traffic
            .at_most
            .sort_by(|(one, _), (other, _)| one.total_cmp(other));
    }
    routes
}

impl Traffic {
    /// What has come since another moment; a service that started anew meanwhile counts from zero.
    pub(crate) fn since(&self, before: &Self) -> Self {
        if before.requests > self.requests {
            return self.clone();
        }
        let at_most = self.at_most.iter().map(|(bound, count)| {
            let earlier = before.at_most.iter().find(|(of, _)| of == bound);
            (*bound, count - earlier.map_or(0.0, |(_, count)| *count))
        });
        Self {
            requests: self.requests - before.requests,
            failed: self.failed - before.failed,
            shed: self.shed - before.shed,
            timed_out: self.timed_out - before.timed_out,
            isolated: self.isolated,
            at_most: at_most.collect(),
        }
    }

    /// This and another one together.
    pub(crate) fn with(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.requests += other.requests;
        both.failed += other.failed;
        both.shed += other.shed;
        both.timed_out += other.timed_out;
        both.isolated |= other.isolated;
        if both.at_most.is_empty() {
            both.at_most.clone_from(&other.at_most);
            return both;
        }
        // All histograms of a service have the same bounds.
        for ((_, count), (_, more)) in both.at_most.iter_mut().zip(&other.at_most) {
            *count += more;
        }
        both
    }

    /// In how many milliseconds this share of the requests was answered, as near as the buckets
    /// tell; nothing without requests.
    pub(crate) fn quantile(&self, share: f64) -> Option<f64> {
        let wanted = self.requests * share;
        if self.requests <= 0.0 {
            return None;
        }
        let (mut below, mut counted) = (0.0, 0.0);
        for (bound, count) in &self.at_most {
            if *count >= wanted && *count > counted {
                let part = (wanted - counted) / (count - counted);
                return Some((below + (bound - below) * part) * 1000.0);
            }
            (below, counted) = (*bound, *count);
        }
        // Beyond the last bound nobody knows how far.
        Some(below * 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "http_requests_total{route=\"/a\",method=\"GET\",status=\"2xx\"} 10\n\
        http_request_duration_seconds_bucket{route=\"/a\",method=\"GET\",status=\"2xx\",le=\"0.1\"} 10\n\
        http_request_duration_seconds_bucket{route=\"/a\",method=\"GET\",status=\"2xx\",le=\"1\"} 10\n";
    const AFTER: &str = "http_requests_total{route=\"/a\",method=\"GET\",status=\"2xx\"} 15\n\
        http_requests_total{route=\"/a\",method=\"GET\",status=\"5xx\"} 5\n\
        http_request_duration_seconds_bucket{route=\"/a\",method=\"GET\",status=\"2xx\",le=\"0.1\"} 15\n\
        http_request_duration_seconds_bucket{route=\"/a\",method=\"GET\",status=\"2xx\",le=\"1\"} 15\n\
        http_request_duration_seconds_bucket{route=\"/a\",method=\"GET\",status=\"5xx\",le=\"0.1\"} 0\n\
        http_request_duration_seconds_bucket{route=\"/a\",method=\"GET\",status=\"5xx\",le=\"1\"} 5\n";

    #[test]
    fn quantiles_are_of_what_came_between() {
        let route = ("GET".to_owned(), "/a".to_owned());
        let before = by_route(&Exposition::read(BEFORE));
        let after = by_route(&Exposition::read(AFTER));
        let between = after[&route].since(&before[&route]);
        assert_eq!((between.requests, between.failed), (10.0, 5.0));
        assert_eq!(between.quantile(0.5), Some(100.0));
        assert_eq!(between.quantile(1.0), Some(1000.0));
        assert_eq!(before[&route].since(&after[&route]).requests, 10.0);
        assert_eq!(Traffic::default().quantile(0.5), None);
    }
}
