//! How much memory this process may use.

use std::fs::read_to_string;
use std::sync::OnceLock;

use super::cgroup;

/// Where nothing can be learnt.
const UNKNOWN: usize = 4 << 30;

/// The least of what the machine has and what the control groups of this process allow, in bytes.
///
/// Source: proc(5) and the kernel's cgroup-v2 documentation, `memory.max`.
pub(super) fn limit() -> usize {
    static LIMIT: OnceLock<usize> = OnceLock::new();
    *LIMIT.get_or_init(|| {
        let machine = read_to_string("/proc/meminfo")
            .ok()
            .and_then(|text| total(&text));
        let group = cgroup::least("memory.max", |text| text.parse::<usize>().ok());
        machine.into_iter().chain(group).min().unwrap_or(UNKNOWN)
    })
}

fn total(meminfo: &str) -> Option<usize> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: usize = line.trim().strip_suffix(" kB")?.parse().ok()?;
    kib.checked_mul(1 << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_memory_of_the_machine() {
        let text = "MemTotal:       24581288 kB\nMemFree:  1 kB\n";
        assert_eq!(total(text), Some(24_581_288 << 10));
        assert_eq!(total("MemFree: 1 kB\n"), None);
    }
}
