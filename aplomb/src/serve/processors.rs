//! How many processors this process may use, and who says so.

use std::fmt;
use std::fs::read_to_string;
use std::sync::OnceLock;
use std::thread::available_parallelism;

use super::cgroup;

/// The processors of this process; as many workers there are unless somebody says otherwise.
#[derive(Debug, PartialEq)]
pub(crate) struct Processors {
    /// How many it may use: of those of the machine, what its affinity and the quota of its control
    /// groups leave.
    pub(crate) usable: usize,
    machine: usize,
    /// Processor time for each second, by its control groups.
    quota: Option<f64>,
}

impl Processors {
    /// What was found when it was asked for first.
    pub(crate) fn here() -> &'static Self {
        static HERE: OnceLock<Processors> = OnceLock::new();
        HERE.get_or_init(|| {
            let usable = available_parallelism().map_or(1, Into::into);
            let listed = read_to_string("/proc/cpuinfo").unwrap_or_default();
            let listed = listed.lines().filter(|line| line.starts_with("processor"));
            Self {
                usable,
                machine: listed.count().max(usable),
                quota: cgroup::least("cpu.max", quota),
            }
        })
    }
}

/// The share in a file such as `150000 100000`: microseconds in a period of so many.
fn quota(text: &str) -> Option<f64> {
    let (quota, period) = text.split_once(' ')?;
    let (quota, period): (f64, f64) = (quota.parse().ok()?, period.parse().ok()?);
    (period > 0.0).then(|| quota / period)
}

/// Such as `2 of 8, by a quota of 2.5`.
impl fmt::Display for Processors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            usable, machine, ..
        } = self;
        match self.quota {
            _ if usable == machine => write!(formatter, "all {machine}"),
            // What is left of a quota below one is one.
            Some(quota) if quota < (usable + 1) as f64 => {
                let quota = (quota * 100.0).round() / 100.0;
                write!(formatter, "{usable} of {machine}, by a quota of {quota}")
            }
            _ => write!(formatter, "{usable} of {machine}, by its affinity"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_the_number_comes_from() {
        let said = |usable, machine, quota: Option<&str>| {
            let quota = quota.and_then(super::quota);
            let processors = Processors {
                usable,
                machine,
                quota,
            };
            processors.to_string()
        };
        assert_eq!(said(8, 8, Some("max 100000")), "all 8");
        assert_eq!(
            said(2, 8, Some("250000 100000")),
            "2 of 8, by a quota of 2.5"
        );
        assert_eq!(
            said(1, 8, Some("50000 100000")),
            "1 of 8, by a quota of 0.5"
        );
        assert_eq!(said(2, 8, Some("600000 100000")), "2 of 8, by its affinity");
        assert_eq!(said(2, 8, None), "2 of 8, by its affinity");
    }

    #[test]
    fn there_is_one_at_least() {
        let here = Processors::here();
        assert!(here.usable >= 1 && here.machine >= here.usable);
    }
}
