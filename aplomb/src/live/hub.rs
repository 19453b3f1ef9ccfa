//! [`Hub`]: what probes capture on its way from the threads of requests to those who listen.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use tokio::sync::{Notify, watch};

use super::armed::{Action, Armed};
use super::asked::LiveKind;
use super::bounds;
use super::budget::Budgets;
use super::definition::LogLevel;
use super::event::Event;
use super::level::Heard;
use super::probe::Probe;
use crate::json::Value;
#[cfg(feature = "otlp")]
use crate::observe::otlp::{Line, Outlet};

/// How many hits wait at the most.
const WAITING: usize = 1024;
/// How many bytes they have at the most.
const WAITING_BYTES: usize = 1 << 20;
/// How many events are kept for those who come later.
const KEPT: usize = 256;
/// How many bytes they have at the most.
const KEPT_BYTES: usize = 1 << 20;
/// How much memory the values take at the most that requests keep for their probes, in bytes.
const HELD: usize = 4 << 20;
/// The same of conversations, which may last for days: nobody else is to wait for their ends.
const HELD_LONG: usize = 1 << 20;

/// What a probe captured.
#[derive(Debug)]
pub(crate) struct Hit {
    pub(crate) probe: Arc<Probe>,
    pub(crate) time: SystemTime,
    /// The number of the request; nothing for a background task.
    pub(crate) request: Option<u64>,
    pub(crate) request_id: Option<String>,
    /// What the trace and the span of the request are called.
    #[cfg(feature = "otlp")]
    pub(crate) trace: Option<(String, String)>,
    pub(crate) bytes: usize,
    pub(crate) content: Content,
}

/// What was captured, before anything is made of it.
#[derive(Debug)]
pub(crate) enum Content {
    /// The values of a template.
    Values(Arc<Armed>, Vec<Value>),
    Snapshot(Arc<Armed>, Value),
    /// What a level lets through.
    Heard(Heard),
}

impl Content {
    /// About how many bytes it has.
    pub(crate) fn bytes(&self) -> usize {
        const HIT: usize = 128;
        HIT + match self {
            Self::Values(_, values) => values.iter().map(bounds::size).sum(),
            Self::Snapshot(_, snapshot) => bounds::size(snapshot),
            Self::Heard(heard) => heard.place.len() + heard.text.len(),
        }
    }
}

#[derive(Debug, Default)]
struct Waiting {
    hits: VecDeque<Hit>,
    bytes: usize,
}

#[derive(Debug, Default)]
struct Kept {
    events: VecDeque<(usize, Arc<Event>)>,
    bytes: usize,
    /// The number of the last event.
    last: u64,
}

/// The next event for a listener.
#[derive(Debug)]
pub(crate) struct News {
    pub(crate) event: Arc<Event>,
    /// How many events of any probe were gone before they could be taken.
    pub(crate) missed: u64,
}

/// What probes capture on its way from the threads of requests to those who listen.
#[derive(Debug)]
pub(crate) struct Hub {
    born: Instant,
    pub(crate) budgets: Budgets,
    waiting: Mutex<Waiting>,
    arrived: Notify,
    kept: Mutex<Kept>,
    /// The number of the last event, for those who listen.
    told: watch::Sender<u64>,
    pub(crate) held: Held,
    pub(crate) held_long: Held,
    /// Where lines of logs go besides.
    #[cfg(feature = "otlp")]
    pub(crate) lines: Outlet,
    /// Whether there is a snapshot, which wants spans.
    pub(crate) wants_spans: AtomicBool,
    /// How many hits found no room.
    pub(crate) dropped: AtomicU64,
}

impl Hub {
    pub(crate) fn new() -> Self {
        Self {
            born: Instant::now(),
            budgets: Budgets::new(),
            waiting: Mutex::default(),
            arrived: Notify::new(),
            kept: Mutex::default(),
            told: watch::Sender::new(0),
            held: Held::up_to(HELD),
            held_long: Held::up_to(HELD_LONG),
            #[cfg(feature = "otlp")]
            lines: Outlet::default(),
            wants_spans: AtomicBool::new(false),
            dropped: AtomicU64::new(0),
        }
    }

    /// Nanoseconds since the service was built.
    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Lets a hit wait for those who make something of it; whether there was room.
    pub(crate) fn send(&self, hit: Hit) -> bool {
        let mut waiting = locked(&self.waiting);
        let full = waiting.hits.len() >= WAITING || waiting.bytes + hit.bytes > WAITING_BYTES;
        if full {
            self.dropped.fetch_add(1, Relaxed);
            return false;
        }
        waiting.bytes += hit.bytes;
        waiting.hits.push_back(hit);
        drop(waiting);
        self.arrived.notify_one();
        true
    }

    /// Waits for hits.
    pub(crate) async fn arrives(&self) {
        self.arrived.notified().await;
    }

    /// Makes events of the hits that wait, and tells those who listen.
    pub(crate) fn deliver(&self) {
        let hits = std::mem::take(&mut *locked(&self.waiting)).hits;
        for hit in hits {
            #[cfg(feature = "otlp")]
            let (time, trace) = (hit.time, hit.trace.clone());
            let event = self.keep(hit);
            #[cfg(feature = "otlp")]
            if event.kind == LiveKind::Log {
                self.lines.say(|| line(&event, time, trace));
            }
            // What a level lets through is there already.
            if event.kind != LiveKind::Level {
                log(&event);
            }
            self.told.send_replace(event.id);
        }
    }

    /// Makes an event of a hit and keeps it for those who listen.
    fn keep(&self, hit: Hit) -> Arc<Event> {
        let probe = &hit.probe;
        let (place, level, message, snapshot) = match hit.content {
            Content::Values(armed, values) => {
                let message = match &armed.action {
                    Action::Log(template) => Some(template.text(&values)),
                    _ => None,
                };
                let level = probe.definition.log_level();
                (armed.place.clone(), level, message, None)
            }
            Content::Snapshot(armed, snapshot) => (armed.place.clone(), None, None, Some(snapshot)),
            Content::Heard(heard) => (heard.place, Some(heard.level), Some(heard.text), None),
        };
        let bytes = hit.bytes + message.as_ref().map_or(0, String::len);
        let mut kept = locked(&self.kept);
        kept.last += 1;
        let event = Arc::new(Event {
            id: kept.last,
            probe: probe.id.clone(),
            kind: probe.definition.kind(),
            time: super::event::time(hit.time),
            place,
            request: hit.request,
            request_id: hit.request_id,
            level,
            message,
            snapshot,
        });
        kept.bytes += bytes;
        kept.events.push_back((bytes, Arc::clone(&event)));
        while kept.events.len() > KEPT || kept.bytes > KEPT_BYTES {
            let Some((bytes, _)) = kept.events.pop_front() else {
                break;
            };
            kept.bytes -= bytes;
        }
        event
    }

    /// Tells of the events to come. Listeners hold none: whoever is slow finds that some are gone.
    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.told.subscribe()
    }

    /// The next event of a probe, or of all, for a listener who has come to this number; at the
    /// beginning to none.
    pub(crate) fn next(&self, come_to: &mut Option<u64>, probe: Option<&str>) -> Option<News> {
        let kept = locked(&self.kept);
        let first = kept.last + 1 - kept.events.len() as u64;
        let after = come_to.unwrap_or(first - 1);
        let mut wanted = kept
            .events
            .iter()
            .map(|(_, event)| event)
            .filter(|event| event.id > after && probe.is_none_or(|probe| event.probe == probe));
        let event = wanted.next().map(Arc::clone);
        *come_to = Some(event.as_ref().map_or(kept.last, |event| event.id));
        Some(News {
            event: event?,
            missed: first.saturating_sub(after + 1),
        })
    }

    /// About how many bytes it has: hits that wait, events, and what requests keep.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> [usize; 3] {
        let waiting = locked(&self.waiting).bytes;
        [
            waiting,
            locked(&self.kept).bytes,
            self.held.bytes.load(Relaxed),
        ]
    }
}

/// How much memory requests keep for their probes, and how much they may.
#[derive(Debug)]
pub(crate) struct Held {
    bytes: AtomicUsize,
    most: usize,
}

impl Held {
    fn up_to(most: usize) -> Self {
        Self {
            bytes: AtomicUsize::new(0),
            most,
        }
    }

    /// Whether a request may keep so many bytes more; it gives them back.
    pub(crate) fn hold(&self, bytes: usize) -> bool {
        let more = |held: usize| Some(held.saturating_add(bytes)).filter(|held| *held <= self.most);
        self.bytes.fetch_update(Relaxed, Relaxed, more).is_ok()
    }

    /// Takes back what a request has kept.
    pub(crate) fn release(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Relaxed);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An event as a collector gets it.
#[cfg(feature = "otlp")]
fn line(event: &Event, time: SystemTime, trace: Option<(String, String)>) -> Line {
    // The numbers of severities are OpenTelemetry's.
    let severity = match event.level.unwrap_or_default() {
        LogLevel::Trace => (1, "TRACE"),
        LogLevel::Debug => (5, "DEBUG"),
        LogLevel::Info => (9, "INFO"),
        LogLevel::Warn => (13, "WARN"),
        LogLevel::Error => (17, "ERROR"),
    };
    Line {
        time,
        severity,
        text: event.message.clone().unwrap_or_default(),
        probe: event.probe.clone(),
        place: event.place.clone(),
        request: event.request,
        request_id: event.request_id.clone(),
        trace,
    }
}

/// Hands an event to the log of the service too.
fn log(event: &Event) {
    let Event {
        probe,
        place,
        request_id,
        ..
    } = event;
    let request = event.request;
    let request_id = request_id.as_deref();
    let Some(message) = event.message.as_deref() else {
        let snapshot = event.snapshot.as_ref().map(ToString::to_string);
        let snapshot = snapshot.as_deref();
        tracing::info!(target: "aplomb::live", probe, place, request, request_id, snapshot, "snapshot");
        return;
    };
    macro_rules! at {
        ($level:ident) => {
            tracing::$level!(target: "aplomb::live", probe, place, request, request_id, "{message}")
        };
    }
    match event.level.unwrap_or_default() {
        LogLevel::Error => at!(error),
        LogLevel::Warn => at!(warn),
        LogLevel::Info => at!(info),
        LogLevel::Debug => at!(debug),
        LogLevel::Trace => at!(trace),
    }
}
