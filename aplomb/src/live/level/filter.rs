//! [`LiveFilter`]: lets levels that are set while the service runs decide first.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Filter};
use tracing_subscriber::registry::LookupSpan;

use super::{Heard, callsites, set};

/// How many filters subscribers have asked.
static ASKED: AtomicUsize = AtomicUsize::new(0);
/// The one that hands events to listeners, so that each comes once: its number, zero without one.
static LISTENING: AtomicU64 = AtomicU64::new(0);
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Whether some subscriber asks what levels say.
pub(super) fn is_installed() -> bool {
    ASKED.load(Relaxed) > 0
}

/// Lets levels that are set while the service runs (`aplomb live level`) decide which events and
/// spans a layer gets, and the usual filter about everything else.
///
/// `#[aplomb::main]` installs one. A program with a subscriber of its own puts it around the filter
/// of its layer; without it no level is heard, and whoever sets one is told so.
///
/// As long as none is set, an event that nobody wants costs what it costs with an `EnvFilter` alone,
/// 6 instructions; 355 instead of 324 where that has to be asked each time, as one for the fields of
/// spans has. An event that is written costs 110 more than 8600, and a request with an event that
/// nobody wants no more than repeated counts differ by, 1 % of 11,800 (callgrind, x86-64, Rust 1.95).
///
/// ```
/// use aplomb::observe::LiveFilter;
/// use tracing_subscriber::filter::EnvFilter;
/// use tracing_subscriber::prelude::*;
///
/// let filter = LiveFilter::new(EnvFilter::new("info"));
/// let lines = tracing_subscriber::fmt::layer().with_filter(filter);
/// tracing_subscriber::registry().with(lines).init();
/// ```
#[derive(Debug)]
pub struct LiveFilter<F> {
    usual: F,
    number: u64,
    asked: std::sync::Once,
}

impl<F> LiveFilter<F> {
    /// Around the filter that decides while nothing is set.
    pub fn new(usual: F) -> Self {
        Self {
            usual,
            number: NEXT.fetch_add(1, Relaxed),
            asked: std::sync::Once::new(),
        }
    }

    fn listens(&self) -> bool {
        match LISTENING.compare_exchange(0, self.number, Relaxed, Relaxed) {
            Ok(_) => true,
            Err(listening) => listening == self.number,
        }
    }
}

impl<F> Drop for LiveFilter<F> {
    fn drop(&mut self) {
        let _ = LISTENING.compare_exchange(self.number, 0, Relaxed, Relaxed);
        if self.asked.is_completed() {
            ASKED.fetch_sub(1, Relaxed);
        }
    }
}

impl<S, F> Filter<S> for LiveFilter<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    F: Filter<S>,
{
    fn callsite_enabled(&self, callsite: &'static Metadata<'static>) -> Interest {
        self.asked.call_once(|| {
            ASKED.fetch_add(1, Relaxed);
        });
        callsites::note(callsite);
        set::interest(callsite, self.usual.callsite_enabled(callsite))
    }

    fn enabled(&self, callsite: &Metadata<'_>, context: &Context<'_, S>) -> bool {
        let Some(level) = set::deciding(callsite) else {
            return self.usual.enabled(callsite, context);
        };
        if !level.directive.allows(callsite) {
            return false;
        }
        // Events wait for their turn until it is known what they say.
        !callsite.is_span() || self.usual.enabled(callsite, context) || level.takes_span()
    }

    fn event_enabled(&self, event: &Event<'_>, context: &Context<'_, S>) -> bool {
        let callsite = event.metadata();
        let usual =
            || self.usual.enabled(callsite, context) && self.usual.event_enabled(event, context);
        let Some(level) = set::deciding(callsite) else {
            return usual();
        };
        let heard = match self.listens() {
            true => level.hears(|secrecy| {
                let scope = context.event_scope(event).into_iter().flatten();
                let mut spans: Vec<&str> = scope.map(|span| span.name()).collect();
                spans.reverse();
                let record = |visit: &mut dyn tracing::field::Visit| event.record(visit);
                Heard::new(callsite, &spans, record, |name| secrecy.hides(name))
            }),
            false => level.probe.takes_rate(level.hub.now()),
        };
        heard || usual()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.usual.max_level_hint()?.max(set::most()))
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let callsite = attributes.metadata();
        if let Some(level) = set::deciding(callsite)
            && self.listens()
        {
            level.hears(|secrecy| {
                let scope = context.span(id).into_iter().flat_map(|span| span.scope());
                let mut spans: Vec<&str> = scope.skip(1).map(|span| span.name()).collect();
                spans.reverse();
                let record = |visit: &mut dyn tracing::field::Visit| attributes.record(visit);
                Heard::new(callsite, &spans, record, |name| secrecy.hides(name))
            });
        }
        self.usual.on_new_span(attributes, id, context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        self.usual.on_record(id, values, context);
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.usual.on_enter(id, context);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.usual.on_exit(id, context);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.usual.on_close(id, context);
    }
}
