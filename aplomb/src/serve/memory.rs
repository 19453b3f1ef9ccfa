//! How much memory this process may use.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

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
        let groups = read_to_string("/proc/self/cgroup").unwrap_or_default();
        let group = allowed(Path::new("/sys/fs/cgroup"), &groups);
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

/// The least that the group and those around it allow.
fn allowed(root: &Path, groups: &str) -> Option<usize> {
    let group = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let mut folder: PathBuf = root.join(group);
    let mut least = None;
    loop {
        let limit = read_to_string(folder.join("memory.max")).ok();
        let limit = limit.and_then(|text| text.trim().parse::<usize>().ok());
        least = least.into_iter().chain(limit).min();
        if folder == root || !folder.pop() {
            return least;
        }
    }
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

    #[test]
    fn the_tightest_group_counts() {
        let root = tempfile::tempdir().expect("a folder");
        let group = root.path().join("pods/one");
        std::fs::create_dir_all(&group).expect("a group");
        let groups = "1:name=systemd:/x\n0::/pods/one\n";
        assert_eq!(allowed(root.path(), groups), None);
        std::fs::write(root.path().join("pods/memory.max"), "5000\n").expect("a limit");
        std::fs::write(group.join("memory.max"), "max\n").expect("no limit");
        assert_eq!(allowed(root.path(), groups), Some(5000));
        std::fs::write(group.join("memory.max"), "300\n").expect("a limit");
        assert_eq!(allowed(root.path(), groups), Some(300));
    }
}
