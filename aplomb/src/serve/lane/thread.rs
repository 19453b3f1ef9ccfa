//! What the operating system knows of a thread, and how it is told to favour others.

/// What a thread is doing, and what it has done so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Activity {
    /// Whether it sleeps: on a lock, a socket, a timer. Waiting for a disk or for memory is no sleep.
    pub(super) sleeps: bool,
    /// Whether it is in the kernel for something other than the processor.
    pub(super) blocked: bool,
    /// Nanoseconds it has waited for a processor although it could have run, without the wait that
    /// goes on now.
    pub(super) waited: u64,
    /// Nanoseconds it has had a processor; since when it has it now is known at each tick of the
    /// kernel, which are up to ten milliseconds apart.
    pub(super) worked: u64,
}

/// The kernel's name for the calling thread; zero where there is none.
pub(super) fn id() -> u32 {
    #[cfg(target_os = "linux")]
    return rustix::thread::gettid()
        .as_raw_nonzero()
        .get()
        .unsigned_abs();
    #[cfg(not(target_os = "linux"))]
    return 0;
}

/// For how long the calling thread has had a processor, in ns; what passes where the system does not
/// say.
#[cfg(target_os = "linux")]
pub(super) fn worked() -> u64 {
    super::clock::of(rustix::time::ClockId::ThreadCPUTime)
}

/// The time that passes: the system does not say.
#[cfg(not(target_os = "linux"))]
pub(super) fn worked() -> u64 {
    super::clock::now()
}

/// What a thread of this process is doing; nothing where the system does not say.
///
/// Source: proc(5), `/proc/[pid]/task/[tid]/stat` and `schedstat`.
pub(super) fn activity(id: u32) -> Option<Activity> {
    if id == 0 {
        return None;
    }
    let stat = std::fs::read_to_string(format!("/proc/self/task/{id}/stat")).ok()?;
    // The name before the state may hold anything, brackets too.
    let state = stat.rsplit_once(") ")?.1.as_bytes().first().copied()?;
    let schedule = std::fs::read_to_string(format!("/proc/self/task/{id}/schedstat"));
    let schedule = schedule.unwrap_or_default();
    let mut numbers = schedule.split_ascii_whitespace();
    let mut number = || -> Option<u64> { numbers.next()?.parse().ok() };
    Some(Activity {
        sleeps: state == b'S',
        blocked: state != b'R',
        worked: number().unwrap_or_default(),
        waited: number().unwrap_or_default(),
    })
}

/// What the system counts of one thread, at hand for a look at each poll: it costs a microsecond.
#[derive(Debug)]
pub(super) struct Meter {
    #[cfg(target_os = "linux")]
    schedule: Option<std::fs::File>,
}

impl Meter {
    /// That of the calling thread.
    pub(super) fn here() -> Self {
        Self {
            #[cfg(target_os = "linux")]
            schedule: std::fs::File::open("/proc/thread-self/schedstat").ok(),
        }
    }

    /// For how long the thread has waited for a processor, in ns, which the thread itself sees to the
    /// moment. Nothing where the system does not say.
    #[cfg(target_os = "linux")]
    pub(super) fn waited(&self) -> Option<u64> {
        use std::os::unix::fs::FileExt as _;
        let mut text = [0; 64];
        let length = self.schedule.as_ref()?.read_at(&mut text, 0).ok()?;
        let text = std::str::from_utf8(&text[..length]).ok()?;
        text.split_ascii_whitespace().nth(1)?.parse().ok()
    }

    /// Nothing: the system does not say.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn waited(&self) -> Option<u64> {
        None
    }
}

/// Lets other threads of this process go first on a busy machine, whatever priority the process was
/// started with; needs no privilege.
///
/// Not lower than this: a thread that hardly runs and holds a lock would hold up the others.
pub(super) fn lower_priority() {
    #[cfg(target_os = "linux")]
    {
        const NICER: i32 = 5;
        // On Linux a thread has a niceness of its own, which it takes over from the one that starts
        // it. Without permission nothing is lost but this.
        let process = rustix::process::getpriority_process(Some(rustix::process::getpid()));
        let nice = process.unwrap_or_default() + NICER;
        let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), nice);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_thread_that_waits_for_another_sleeps() {
        let (say, told) = channel();
        let (release, wait) = channel::<()>();
        let thread = std::thread::spawn(move || {
            say.send(id()).expect("a listener");
            let _ = wait.recv();
        });
        let id = told.recv().expect("an id");
        let asleep = (0..1000).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(1));
            activity(id).expect("a thread").sleeps
        });
        assert!(asleep);
        assert!(!activity(super::id()).expect("this thread").sleeps);
        drop(release);
        thread.join().expect("an end");
        assert_eq!(activity(id), None);
    }

    #[test]
    fn a_meter_shows_for_how_long_its_thread_has_waited() {
        let meter = Meter::here();
        let before = meter.waited().expect("a number");
        let known = activity(id()).expect("this thread").waited;
        assert!((before..).contains(&known));
        assert!(meter.waited() >= Some(known));
    }

    #[test]
    fn a_thread_that_computes_works() {
        let before = activity(id()).expect("this thread");
        let begin = std::time::Instant::now();
        while activity(id()).expect("this thread").worked < before.worked + 2_000_000 {
            assert!(begin.elapsed().as_secs() < 20);
        }
    }
}
