//! What became of requests, and the figures drawn from it.
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    Ok,
    /// 503 or 429: the server said at once, or later, that it would not.
    Refused,
    /// Another status.
    Wrong,
    /// The connection ended, or could not be had.
    Broken,
    /// Given up by the client.
    TimedOut,
    /// Still out when everything ended.
    Unfinished,
}

/// Times are seconds from the start.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub due: f64,
    pub done: f64,
    pub outcome: Outcome,
}

/// Latency counts from when a request was due, so that a server that stalls cannot hide it by
/// keeping its clients from asking.
#[derive(Debug, Serialize)]
pub struct Summary {
    pub sent: usize,
    pub ok: usize,
    pub refused: usize,
    pub wrong: usize,
    pub broken: usize,
    pub timed_out: usize,
    pub unfinished: usize,
    /// Good answers a second, by when they came.
    pub ok_per_s: f64,
    /// Of all but the refused: who got no answer enters with the time that it waited.
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    pub p999_ms: Option<f64>,
    pub max_ms: Option<f64>,
    pub refused_p99_ms: Option<f64>,
    pub refused_max_ms: Option<f64>,
    /// The longest time without a good answer.
    pub longest_gap_ms: f64,
}

/// The course over time: one entry a bin.
#[derive(Debug, Default, Serialize)]
pub struct Course {
    /// Good answers that came in this bin.
    pub answered: Vec<u32>,
    /// By when they were due.
    pub ok: Vec<u32>,
    pub refused: Vec<u32>,
    pub failed: Vec<u32>,
    pub p50_ms: Vec<Option<f64>>,
    pub p99_ms: Vec<Option<f64>>,
    pub max_ms: Vec<Option<f64>>,
    pub refused_max_ms: Vec<Option<f64>>,
}

/// The nearest rank of sorted seconds, in milliseconds to the microsecond.
pub fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let rank = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1));
    sorted
        .get(rank - 1)
        .map(|seconds| (seconds * 1e6).round() / 1e3)
}

fn latencies<'a>(samples: impl Iterator<Item = &'a Sample>, refused: bool) -> Vec<f64> {
    let wanted = samples.filter(|sample| (sample.outcome == Outcome::Refused) == refused);
    let mut found: Vec<f64> = wanted.map(|sample| sample.done - sample.due).collect();
    found.sort_by(f64::total_cmp);
    found
}

impl Summary {
    /// Of the requests that were due within a span.
    pub fn of(samples: &[Sample], from: f64, to: f64) -> Self {
        let mine = || {
            samples
                .iter()
                .filter(|sample| sample.due >= from && sample.due < to)
        };
        let count = |outcome| mine().filter(|sample| sample.outcome == outcome).count();
        let (taken, refused) = (latencies(mine(), false), latencies(mine(), true));
        let good = samples
            .iter()
            .filter(|sample| sample.outcome == Outcome::Ok);
        let mut came: Vec<f64> = good
            .map(|sample| sample.done)
            .filter(|at| *at >= from && *at < to)
            .collect();
        let answered = came.len();
        came.extend([from, to]);
        came.sort_by(f64::total_cmp);
        let gap = came
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .fold(0.0, f64::max);
        Self {
            sent: mine().count(),
            ok: count(Outcome::Ok),
            refused: count(Outcome::Refused),
            wrong: count(Outcome::Wrong),
            broken: count(Outcome::Broken),
            timed_out: count(Outcome::TimedOut),
            unfinished: count(Outcome::Unfinished),
            ok_per_s: answered as f64 / (to - from),
            p50_ms: percentile(&taken, 0.5),
            p99_ms: percentile(&taken, 0.99),
            p999_ms: percentile(&taken, 0.999),
            max_ms: percentile(&taken, 1.0),
            refused_p99_ms: percentile(&refused, 0.99),
            refused_max_ms: percentile(&refused, 1.0),
            longest_gap_ms: (gap * 1e4).round() / 10.0,
        }
    }
}

impl Course {
    pub fn of(samples: &[Sample], width: f64, until: f64) -> Self {
        let count = (until / width).ceil() as usize;
        let bin = |at: f64| (at / width) as usize;
        let mut due: Vec<Vec<Sample>> = vec![Vec::new(); count];
        let mut course = Self {
            answered: vec![0; count],
            ..Self::default()
        };
        for sample in samples {
            if let Some(bin) = due.get_mut(bin(sample.due)) {
                bin.push(*sample);
            }
            if sample.outcome == Outcome::Ok
                && let Some(answered) = course.answered.get_mut(bin(sample.done))
            {
                *answered += 1;
            }
        }
        for bin in due {
            let count = |wanted: &dyn Fn(Outcome) -> bool| {
                bin.iter().filter(|s| wanted(s.outcome)).count() as u32
            };
            course.ok.push(count(&|o| o == Outcome::Ok));
            course.refused.push(count(&|o| o == Outcome::Refused));
            course.failed.push(count(&|o| {
                matches!(o, Outcome::Wrong | Outcome::Broken | Outcome::TimedOut)
            }));
            let (taken, refused) = (latencies(bin.iter(), false), latencies(bin.iter(), true));
            course.p50_ms.push(percentile(&taken, 0.5));
            course.p99_ms.push(percentile(&taken, 0.99));
            course.max_ms.push(percentile(&taken, 1.0));
            course.refused_max_ms.push(percentile(&refused, 1.0));
        }
        course
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(due: f64, took: f64, outcome: Outcome) -> Sample {
        Sample {
            due,
            done: due + took,
            outcome,
        }
    }

    #[test]
    fn percentiles_are_the_nearest_rank() {
        let hundred: Vec<f64> = (1..=100).map(|ms| f64::from(ms) / 1e3).collect();
        assert_eq!(percentile(&hundred, 0.5), Some(50.0));
        assert_eq!(percentile(&hundred, 0.99), Some(99.0));
        assert_eq!(percentile(&hundred, 1.0), Some(100.0));
        assert_eq!(percentile(&hundred[..1], 0.99), Some(1.0));
        assert_eq!(percentile(&[], 0.99), None);
    }

    #[test]
    fn a_phase_counts_what_was_due_in_it_and_what_came_in_it() {
        let samples = [
            sample(0.9, 0.2, Outcome::Ok),
            sample(1.0, 0.1, Outcome::Ok),
            sample(1.2, 0.002, Outcome::Refused),
            sample(1.9, 1.0, Outcome::TimedOut),
            sample(2.0, 0.1, Outcome::Ok),
        ];
        let phase = Summary::of(&samples, 1.0, 2.0);
        assert_eq!(
            (phase.sent, phase.ok, phase.refused, phase.timed_out),
            (3, 1, 1, 1)
        );
        assert_eq!(phase.ok_per_s, 2.0, "one that was due before came in it");
        assert_eq!(
            (phase.p50_ms, phase.p99_ms),
            (Some(100.0), Some(1000.0)),
            "who gave up counts"
        );
        assert_eq!(phase.refused_max_ms, Some(2.0));
        assert_eq!(phase.longest_gap_ms, 900.0);
    }

    #[test]
    fn a_course_tells_each_bin() {
        let samples = [
            sample(0.0, 0.15, Outcome::Ok),
            sample(0.05, 0.01, Outcome::Refused),
            sample(0.19, 0.5, Outcome::Broken),
            sample(9.0, 0.1, Outcome::Ok),
        ];
        let course = Course::of(&samples, 0.1, 0.3);
        assert_eq!(course.answered, [0, 1, 0]);
        assert_eq!(course.ok, [1, 0, 0]);
        assert_eq!(course.refused, [1, 0, 0]);
        assert_eq!(course.failed, [0, 1, 0]);
        assert_eq!(course.max_ms, [Some(150.0), Some(500.0), None]);
    }
}
