//! [`LiveSpans`]: hears which spans are opened.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Once};

use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::Filtered;
use tracing_subscriber::layer::{Context, Filter, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::{Spans, here, is_wanted};
use crate::database;

/// How many subscribers have one.
static ASKED: AtomicUsize = AtomicUsize::new(0);

/// Whether some subscriber hears of spans.
pub(super) fn is_installed() -> bool {
    ASKED.load(Relaxed) > 0
}

/// Gives live snapshots the spans that were opened within a request, down to `debug`, whatever the
/// filters of other layers let through: those get no more of them than without it.
///
/// `#[aplomb::main]` installs one; a program with a subscriber of its own adds [`layer`](Self::layer).
/// As long as there is no snapshot of a route it wants no span.
///
/// ```
/// use aplomb::observe::{LiveFilter, LiveSpans};
/// use tracing_subscriber::filter::EnvFilter;
/// use tracing_subscriber::prelude::*;
///
/// let filter = LiveFilter::new(EnvFilter::new("info"));
/// let lines = tracing_subscriber::fmt::layer().with_filter(filter);
/// let subscriber = tracing_subscriber::registry().with(lines);
/// subscriber.with(LiveSpans::layer()).init();
/// ```
#[derive(Debug)]
pub struct LiveSpans(());

impl LiveSpans {
    /// What a subscriber has to have.
    pub fn layer<S>() -> Filtered<Self, impl Filter<S> + 'static, S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        Self(()).with_filter(WithinRequests(Once::new()))
    }
}

/// A span that is kept.
struct Kept {
    spans: Arc<Spans>,
    number: usize,
}

impl<S> Layer<S> for LiveSpans
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        let parent = span.parent().and_then(|parent| {
            let extensions = parent.extensions();
            let kept: &Kept = extensions.get()?;
            Some((Arc::clone(&kept.spans), kept.number))
        });
        // What is spawned within a request belongs to it by its parent.
        let spans = here().or_else(|| Some(Arc::clone(&parent.as_ref()?.0)));
        let Some(spans) = spans else {
            return;
        };
        let parent = parent.filter(|(of, _)| Arc::ptr_eq(of, &spans));
        let parent = parent.map(|(_, number)| number);
        let record = |visit: &mut dyn tracing::field::Visit| attributes.record(visit);
        if let Some(number) = spans.open(attributes.metadata(), parent, &record) {
            span.extensions_mut().insert(Kept { spans, number });
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let kept = context.span(id).and_then(|span| {
            let extensions = span.extensions();
            let kept: &Kept = extensions.get()?;
            Some((Arc::clone(&kept.spans), kept.number))
        });
        if let Some((spans, number)) = kept {
            spans.add(number, &|visit| values.record(visit));
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let kept = context
            .span(&id)
            .and_then(|span| span.extensions_mut().remove::<Kept>());
        if let Some(Kept { spans, number }) = kept {
            spans.close(number);
        }
    }
}

/// Lets spans through that belong to a request which a snapshot looks at.
struct WithinRequests(Once);

impl Drop for WithinRequests {
    fn drop(&mut self) {
        if self.0.is_completed() {
            ASKED.fetch_sub(1, Relaxed);
        }
    }
}

fn is_meant(callsite: &Metadata<'_>) -> bool {
    // What is asked of databases has a place of its own in a snapshot.
    let is_own = callsite.target() == database::SPANS;
    is_wanted() && callsite.is_span() && !is_own && *callsite.level() <= Level::DEBUG
}

impl<S> Filter<S> for WithinRequests
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn callsite_enabled(&self, callsite: &'static Metadata<'static>) -> Interest {
        self.0.call_once(|| {
            ASKED.fetch_add(1, Relaxed);
        });
        match is_meant(callsite) {
            true => Interest::sometimes(),
            false => Interest::never(),
        }
    }

    fn enabled(&self, callsite: &Metadata<'_>, context: &Context<'_, S>) -> bool {
        is_meant(callsite) && (here().is_some() || context.lookup_current().is_some())
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(match is_wanted() {
            true => LevelFilter::DEBUG,
            false => LevelFilter::OFF,
        })
    }
}
