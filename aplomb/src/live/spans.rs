//! [`Spans`]: what of `tracing` was opened within a request, for snapshots.

mod fields;
mod layer;
mod tree;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing::Metadata;
use tracing::field::Visit;

pub use self::layer::LiveSpans;

use self::fields::Fields;
use super::armed::{Armed, LONGEST};
use super::bounds;
use super::hub::Hub;
use super::watch::Watch;
use crate::json::{Object, Value};
use crate::observe::Current;

/// How many spans of a request are kept at the most.
const MOST: usize = 64;
/// How much memory all of them take at the most, in bytes.
const LARGEST: usize = 64 << 10;
/// About how much memory a span takes without its fields, in bytes.
const SPAN: usize = 256;

/// How many services have a snapshot.
static WANTED: AtomicUsize = AtomicUsize::new(0);

/// Says whether the service with this hub has a snapshot.
pub(crate) fn want(hub: &Hub, wanted: bool) {
    if hub.wants_spans.swap(wanted, Relaxed) == wanted {
        return;
    }
    match wanted {
        true => WANTED.fetch_add(1, Relaxed),
        false => WANTED.fetch_sub(1, Relaxed),
    };
    tracing::callsite::rebuild_interest_cache();
}

/// Whether any service has a snapshot.
#[inline]
fn is_wanted() -> bool {
    WANTED.load(Relaxed) > 0
}

/// Those of the request that this thread works for.
fn here() -> Option<Arc<Spans>> {
    let here = Current::here()?;
    here.record.seen()?.spans().cloned()
}

/// The spans that were opened within one request.
#[derive(Debug)]
pub(crate) struct Spans {
    arrived: Instant,
    watch: Arc<Watch>,
    /// Those who want them.
    snapshots: Vec<Arc<Armed>>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// In the order they were opened.
    spans: Vec<Span>,
    /// How many there was no room or time for.
    left_out: u32,
    /// How many bytes of memory they take.
    held: usize,
}

#[derive(Debug)]
struct Span {
    callsite: &'static Metadata<'static>,
    /// The number of the span it was opened in.
    parent: Option<usize>,
    /// When it was opened, and when it was closed, since the request arrived.
    opened: Duration,
    closed: Option<Duration>,
    fields: Object,
}

impl Spans {
    /// Those of a request that arrived then, if snapshots look at it.
    pub(super) fn wanted(watch: &Arc<Watch>, drawn: &[bool], arrived: Instant) -> Option<Self> {
        let snapshots = watch.want_everything(drawn, watch.hub.now());
        let snapshots: Vec<Arc<Armed>> = snapshots.into_iter().cloned().collect();
        (!snapshots.is_empty()).then(|| Self {
            arrived,
            watch: Arc::clone(watch),
            snapshots,
            kept: Mutex::default(),
        })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of a span; its number, if there was room for it.
    fn open(
        &self,
        callsite: &'static Metadata<'static>,
        parent: Option<usize>,
        record: &dyn Fn(&mut dyn Visit),
    ) -> Option<usize> {
        let opened = self.arrived.elapsed();
        let is_full = self.kept().spans.len() >= MOST;
        let fields = (!is_full).then(|| self.read(record)).flatten();
        let mut kept = self.kept();
        let room = kept.spans.len() < MOST;
        let (Some(fields), true) = (fields.filter(|fields| self.hold(&mut kept, fields)), room)
        else {
            kept.left_out += 1;
            return None;
        };
        kept.spans.push(Span {
            callsite,
            parent,
            opened,
            closed: None,
            fields,
        });
        Some(kept.spans.len() - 1)
    }

    /// Takes note of fields that a span gets later.
    fn add(&self, number: usize, record: &dyn Fn(&mut dyn Visit)) {
        let Some(fields) = self.read(record) else {
            return;
        };
        let mut kept = self.kept();
        if self.hold(&mut kept, &fields)
            && let Some(span) = kept.spans.get_mut(number)
        {
            span.fields.extend(fields);
            span.fields.truncate(fields::MOST);
        }
    }

    /// Takes note of the end of a span.
    fn close(&self, number: usize) {
        let closed = self.arrived.elapsed();
        if let Some(span) = self.kept().spans.get_mut(number) {
            span.closed = Some(closed);
        }
    }

    /// Reads fields, as long as there is time for that and a snapshot that is to have them. What the
    /// user's own types say of themselves may panic, which ends the snapshots.
    fn read(&self, record: &dyn Fn(&mut dyn Visit)) -> Option<Object> {
        let hub = &self.watch.hub;
        let now = hub.now();
        let are_active = self.snapshots.iter().any(|armed| !armed.probe.has_ended());
        if !are_active || !hub.budgets.has_time_for_span(now) {
            return None;
        }
        let read = catch_unwind(AssertUnwindSafe(|| {
            let mut fields = Fields::new(&self.watch.secrecy);
            record(&mut fields);
            fields.taken
        }));
        let took = hub.now().saturating_sub(now).min(LONGEST);
        hub.budgets.spend_on_span(now, took);
        if read.is_err() {
            for armed in &self.snapshots {
                armed.trip("a value panicked that a span was opened with");
            }
        }
        read.ok()
    }

    /// Whether there is room to keep these fields until the request, and its spans, have ended.
    fn hold(&self, kept: &mut Kept, fields: &Object) -> bool {
        let members = fields
            .values()
            .map(|value| SPAN / 4 + bounds::weight(value));
        let weight = SPAN + members.sum::<usize>();
        let room = kept.held + weight <= LARGEST && self.watch.held().hold(weight);
        if room {
            kept.held += weight;
        }
        room
    }

    /// Puts them into a snapshot with room for so many bytes.
    pub(super) fn show(&self, snapshot: &mut Value, room: usize) {
        let kept = self.kept();
        let mut tree = tree::Tree::new(&kept.spans, self.arrived.elapsed(), room);
        let spans = tree.below(None, 0);
        let left_out = kept.spans.len() - tree.shown() + kept.left_out as usize;
        match (layer::is_installed(), left_out) {
            (false, _) => {
                let why = "the subscriber of the program has no `LiveSpans`";
                snapshot.insert("spans_left_out", why);
            }
            (true, 0) => {}
            (true, more) => snapshot.insert("spans_left_out", format!("{more} more")),
        }
        snapshot.insert("spans", Value::Array(spans));
    }
}

impl Drop for Spans {
    fn drop(&mut self) {
        let kept = self.kept.get_mut();
        let held = kept.unwrap_or_else(PoisonError::into_inner).held;
        self.watch.held().release(held);
    }
}
