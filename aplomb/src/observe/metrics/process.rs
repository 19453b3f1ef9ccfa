//! What the operating system says of this process.

use super::sink::{Kind, Sink};

/// Writes the figures of the process, under the names that Prometheus' own clients use; nothing
/// where the system does not say.
pub(super) fn write(sink: &mut dyn Sink) {
    let Some(figures) = Figures::read() else {
        return;
    };
    sink.single(
        "process_cpu_seconds_total",
        Kind::Counter,
        "Processor time, of the user and the system.",
        figures.processor_seconds,
    );
    sink.single(
        "process_resident_memory_bytes",
        Kind::Gauge,
        "Memory that is in use.",
        figures.resident_bytes,
    );
    sink.single(
        "process_virtual_memory_bytes",
        Kind::Gauge,
        "Addresses that are taken.",
        figures.virtual_bytes,
    );
    sink.single(
        "process_start_time_seconds",
        Kind::Gauge,
        "When the process started, in seconds since 1970.",
        figures.started,
    );
    sink.single(
        "process_threads",
        Kind::Gauge,
        "Threads of the operating system.",
        figures.threads,
    );
    if let Some(open) = figures.open_files {
        sink.single(
            "process_open_fds",
            Kind::Gauge,
            "Open files and sockets.",
            open,
        );
    }
    if let Some(most) = figures.most_files {
        sink.single(
            "process_max_fds",
            Kind::Gauge,
            "Files and sockets that may be open.",
            most,
        );
    }
}

struct Figures {
    processor_seconds: f64,
    resident_bytes: u64,
    virtual_bytes: u64,
    started: f64,
    threads: u64,
    open_files: Option<usize>,
    /// None without a limit.
    most_files: Option<u64>,
}

impl Figures {
    /// Source: proc(5), `/proc/[pid]/stat` and `/proc/stat`.
    #[cfg(target_os = "linux")]
    fn read() -> Option<Self> {
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        // The name in brackets may hold anything, brackets too; what follows begins with field 3.
        let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split_ascii_whitespace().collect();
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        let ticks = rustix::param::clock_ticks_per_second() as f64;
        let page = rustix::param::page_size() as u64;
        let system = std::fs::read_to_string("/proc/stat").ok()?;
        let booted = system
            .lines()
            .find_map(|line| line.strip_prefix("btime "))?;
        let booted: f64 = booted.trim().parse().ok()?;
        let files = std::fs::read_dir("/proc/self/fd");
        Some(Self {
            processor_seconds: (field(14)? + field(15)?) as f64 / ticks,
            resident_bytes: field(24)? * page,
            virtual_bytes: field(23)?,
            started: booted + field(22)? as f64 / ticks,
            threads: field(20)?,
            // One of them is the directory that is being read.
            open_files: files.ok().map(|files| files.count().saturating_sub(1)),
            most_files: rustix::process::getrlimit(rustix::process::Resource::Nofile).current,
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn read() -> Option<Self> {
        None
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;

    #[test]
    fn figures_are_plausible() {
        let figures = Figures::read().expect("figures");
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("a time");
        assert!(figures.started <= now.as_secs_f64() + 1.0);
        assert!(figures.started > now.as_secs_f64() - 24.0 * 3600.0);
        assert!(figures.resident_bytes > 1 << 20);
        let files = std::fs::File::open("/proc/self/stat").expect("a file");
        let more = Figures::read().expect("figures");
        assert!(more.open_files > Some(3) && more.threads >= 1);
        let open = more.open_files.map(|open| open as u64);
        assert!(more.most_files.is_none() || more.most_files >= open);
        assert!(more.virtual_bytes >= more.resident_bytes);
        drop(files);
    }
}
