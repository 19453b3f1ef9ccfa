//! What the control groups of this process allow.
//!
//! Source: cgroups(7) and the kernel's cgroup-v2 documentation.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

/// The least that the group of this process and those around it say in their files of this name.
pub(super) fn least<T: PartialOrd>(file: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let groups = read_to_string("/proc/self/cgroup").unwrap_or_default();
    least_of(Path::new("/sys/fs/cgroup"), &groups, file, read)
}

fn least_of<T: PartialOrd>(
    root: &Path,
    groups: &str,
    file: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let group = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let mut folder: PathBuf = root.join(group);
    let mut least: Option<T> = None;
    loop {
        let said = read_to_string(folder.join(file)).ok();
        if let Some(said) = said.and_then(|text| read(text.trim()))
            && least.as_ref().is_none_or(|least| said < *least)
        {
            least = Some(said);
        }
        if folder == root || !folder.pop() {
            return least;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_group_counts() {
        let root = tempfile::tempdir().expect("a folder");
        let group = root.path().join("pods/one");
        std::fs::create_dir_all(&group).expect("a group");
        let allowed = || {
            let groups = "1:name=systemd:/x\n0::/pods/one\n";
            let read = |text: &str| text.parse::<usize>().ok();
            least_of(root.path(), groups, "memory.max", read)
        };
        assert_eq!(allowed(), None);
        std::fs::write(root.path().join("pods/memory.max"), "5000\n").expect("a limit");
        std::fs::write(group.join("memory.max"), "max\n").expect("no limit");
        assert_eq!(allowed(), Some(5000));
        std::fs::write(group.join("memory.max"), "300\n").expect("a limit");
        assert_eq!(allowed(), Some(300));
    }
}
