//! [`Hub`]: what probes capture on its way from the threads of requests to those who listen.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use tokio::sync::{Notify, broadcast};

use super::armed::{Action, Armed};
use super::bounds;
use super::budget::Budgets;
use super::definition::{LogLevel, ProbeKind};
use super::event::Event;
use super::level::Heard;
use super::probe::Probe;
use crate::json::Value;

/// How many hits wait at the most.
const WAITING: usize = 1024;
/// How many bytes they have at the most.
const WAITING_BYTES: usize = 1 << 20;
/// How many events are kept for those who come later.
const KEPT: usize = 256;
/// How many bytes they have at the most.
const KEPT_BYTES: usize = 1 << 20;
/// How far a listener may fall behind, in events.
const BEHIND: usize = 256;

/// What a probe captured.
#[derive(Debug)]
pub(crate) struct Hit {
    pub(crate) probe: Arc<Probe>,
    pub(crate) time: SystemTime,
    /// The number of the request; nothing for a background task.
    pub(crate) request: Option<u64>,
    pub(crate) request_id: Option<String>,
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
    next: u64,
}

/// What probes capture on its way from the threads of requests to those who listen.
#[derive(Debug)]
pub(crate) struct Hub {
    born: Instant,
    pub(crate) budgets: Budgets,
    waiting: Mutex<Waiting>,
    arrived: Notify,
    kept: Mutex<Kept>,
    listeners: broadcast::Sender<Arc<Event>>,
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
            listeners: broadcast::Sender::new(BEHIND),
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
            let event = self.keep(&hit);
            // What a level lets through is there already.
            if event.kind != ProbeKind::Level {
                log(&event);
            }
            // Nobody listens, which is well.
            let _ = self.listeners.send(event);
        }
    }

    /// Makes an event of a hit and keeps it for those who come later.
    fn keep(&self, hit: &Hit) -> Arc<Event> {
        let probe = &hit.probe;
        let (place, message, snapshot) = match &hit.content {
            Content::Values(armed, values) => {
                let message = match &armed.action {
                    Action::Log(template) => Some(template.text(values)),
                    _ => None,
                };
                (&armed.place, message, None)
            }
            Content::Snapshot(armed, snapshot) => (&armed.place, None, Some(snapshot.clone())),
            Content::Heard(heard) => (&heard.place, Some(heard.text.clone()), None),
        };
        let level = match &hit.content {
            Content::Values(..) => Some(probe.definition.level),
            Content::Snapshot(..) => None,
            Content::Heard(heard) => Some(heard.level),
        };
        let mut kept = locked(&self.kept);
        kept.next += 1;
        let event = Arc::new(Event {
            id: kept.next,
            probe: probe.id.clone(),
            kind: probe.definition.kind,
            time: super::event::time(hit.time),
            place: place.clone(),
            request: hit.request,
            request_id: hit.request_id.clone(),
            level,
            message,
            snapshot,
        });
        kept.bytes += hit.bytes;
        kept.events.push_back((hit.bytes, Arc::clone(&event)));
        while kept.events.len() > KEPT || kept.bytes > KEPT_BYTES {
            let Some((bytes, _)) = kept.events.pop_front() else {
                break;
            };
            kept.bytes -= bytes;
        }
        event
    }

    /// The events kept of one probe or of all, and those to come.
    pub(crate) fn listen(
        &self,
        probe: Option<&str>,
    ) -> (Vec<Arc<Event>>, broadcast::Receiver<Arc<Event>>) {
        let kept = locked(&self.kept);
        let receiver = self.listeners.subscribe();
        let events = kept.events.iter().map(|(_, event)| event);
        let wanted = events.filter(|event| probe.is_none_or(|probe| event.probe == probe));
        (wanted.cloned().collect(), receiver)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
