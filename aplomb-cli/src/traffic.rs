//! [`Traffic`]: what has gone through a route.

use std::collections::BTreeMap;

use serde_json::Value;

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
    /// How many took how long, by the number of the bucket.
    times: BTreeMap<u64, Bucket>,
}

/// Requests that took about the same time.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// Halfway between its bounds, in milliseconds.
    middle: f64,
    count: f64,
}

impl Traffic {
    /// What is told of a route, with the bounds of the buckets of times in milliseconds.
    pub(crate) fn read(route: &Value, bounds: &[f64]) -> Self {
        let number = |name: &str| route[name].as_f64().unwrap_or_default();
        let middle = |place: u64| {
            let place = usize::try_from(place).ok()?;
            let below = match place.checked_sub(1) {
                Some(before) => *bounds.get(before)?,
                None => 0.0,
            };
            // Above the last bound nobody knows how far.
            let above = bounds.get(place).unwrap_or(&below);
            Some((below + above) / 2.0)
        };
        let times = route["buckets"].as_array().into_iter().flatten();
        let times = times.filter_map(|pair| {
            let (place, count) = (pair[0].as_u64()?, pair[1].as_f64()?);
            let middle = middle(place)?;
            Some((place, Bucket { middle, count }))
        });
        Self {
            requests: number("requests"),
            failed: number("failed"),
            shed: number("shed"),
            timed_out: number("timed_out"),
            isolated: route["isolated"] == true,
            times: times.collect(),
        }
    }

    /// What has come since another moment; a service that started anew meanwhile counts from zero.
    pub(crate) fn since(&self, before: &Self) -> Self {
        if before.requests > self.requests {
            return self.clone();
        }
        let times = self.times.iter().map(|(place, bucket)| {
            let earlier = before.times.get(place).map_or(0.0, |earlier| earlier.count);
            let count = bucket.count - earlier;
            (*place, Bucket { count, ..*bucket })
        });
        Self {
            requests: self.requests - before.requests,
            failed: self.failed - before.failed,
            shed: self.shed - before.shed,
            timed_out: self.timed_out - before.timed_out,
            isolated: self.isolated,
            times: times.collect(),
        }
    }

    /// This and another one of the same service together.
    pub(crate) fn with(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.requests += other.requests;
        both.failed += other.failed;
        both.shed += other.shed;
        both.timed_out += other.timed_out;
        both.isolated |= other.isolated;
        for (place, more) in &other.times {
            let bucket = both.times.entry(*place);
            let bucket = bucket.or_insert(Bucket {
                count: 0.0,
                ..*more
            });
            bucket.count += more.count;
        }
        both
    }

    /// In how many milliseconds this share of the requests was answered, 6 % more or less; nothing
    /// without requests.
    pub(crate) fn quantile(&self, share: f64) -> Option<f64> {
        let all: f64 = self.times.values().map(|bucket| bucket.count).sum();
        let mut counted = 0.0;
        let mut some = self.times.values().filter(|bucket| bucket.count > 0.0);
        let found = some.find(|bucket| {
            counted += bucket.count;
            counted >= all * share
        });
        found.map(|bucket| bucket.middle)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quantiles_are_of_what_came_between() {
        let bounds = [1.0, 2.0, 4.0];
        let read = |requests: u32, failed: u32, buckets: Value| {
            let route = json!({"requests": requests, "failed": failed, "buckets": buckets});
            Traffic::read(&route, &bounds)
        };
        let before = read(10, 0, json!([[0, 10]]));
        let after = read(21, 5, json!([[0, 10], [1, 5], [2, 5], [3, 1]]));
        let between = after.since(&before);
        assert_eq!((between.requests, between.failed), (11.0, 5.0));
        assert_eq!(between.quantile(0.4), Some(1.5));
        assert_eq!(between.quantile(0.9), Some(3.0));
        assert_eq!(between.quantile(1.0), Some(4.0));
        assert_eq!(after.quantile(0.4), Some(0.5));
        assert_eq!(before.with(&between).quantile(0.4), Some(0.5));
        assert_eq!(before.since(&after).requests, 10.0);
        assert_eq!(Traffic::default().quantile(0.5), None);
    }
}
