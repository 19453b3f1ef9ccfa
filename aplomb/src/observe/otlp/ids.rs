//! [`Ids`]: what spans are called in their traces.

use std::cell::Cell;

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator};

thread_local! {
    static NEXT: Cell<Option<(TraceId, SpanId)>> = const { Cell::new(None) };
}

/// Chance, but for spans of requests, whose names were told already.
#[derive(Debug, Default)]
pub(super) struct Ids(RandomIdGenerator);

/// Calls the span so that begins meanwhile on this thread.
pub(super) fn called<T>(names: Option<(TraceId, SpanId)>, begin: impl FnOnce() -> T) -> T {
    NEXT.set(names);
    let begun = begin();
    NEXT.set(None);
    begun
}

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        let next = NEXT.get().map(|(trace, _)| trace);
        next.unwrap_or_else(|| self.0.new_trace_id())
    }

    fn new_span_id(&self) -> SpanId {
        let next = NEXT.get().map(|(_, span)| span);
        next.unwrap_or_else(|| self.0.new_span_id())
    }
}
