//! Requests as spans of traces.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::{
    SpanContext, SpanId, Status, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::ids;
use crate::middleware::TraceContext;
use crate::observe::{Record, Spent};

/// A phase that took less is not told.
const LEAST: Duration = Duration::from_micros(1);

static EXPORTING: AtomicBool = AtomicBool::new(false);

pub(super) fn exports() {
    EXPORTING.store(true, Relaxed);
}

/// Whether traces are sent to a collector.
pub(crate) fn is_exporting() -> bool {
    EXPORTING.load(Relaxed)
}

/// Puts the span of a request in the trace it is part of; that trace with the span as it is called
/// in it, and whether it is kept.
pub(crate) fn begins(span: &Span, context: TraceContext) -> TraceContext {
    if !is_exporting() {
        return context;
    }
    if let Some(parent) = caller(&context) {
        let parent = opentelemetry::Context::new().with_remote_span_context(parent);
        let _ = span.set_parent(parent);
    }
    let own = ids::called(names(&context), || span.context());
    let own = own.span().span_context().clone();
    match own.is_valid() {
        true => context.spanned(
            own.trace_id().to_string(),
            own.span_id().to_string(),
            own.is_sampled(),
        ),
        // No layer of the subscriber makes it part of a trace.
        false => context,
    }
}

/// What the trace and the span of a request are called.
fn names(context: &TraceContext) -> Option<(TraceId, SpanId)> {
    let trace = TraceId::from_hex(context.trace_id()).ok()?;
    Some((trace, SpanId::from_hex(context.span_id()).ok()?))
}

/// What called the service.
fn caller(context: &TraceContext) -> Option<SpanContext> {
    let flags = if context.is_sampled() {
        TraceFlags::SAMPLED
    } else {
        TraceFlags::default()
    };
    let state = context.tracestate().and_then(|state| state.parse().ok());
    Some(SpanContext::new(
        TraceId::from_hex(context.trace_id()).ok()?,
        SpanId::from_hex(context.parent_id()?).ok()?,
        flags,
        true,
        state.unwrap_or(TraceState::NONE),
    ))
}

/// Ends the span of a request, also one that is given up: names it by its route, and tells where the
/// time went until its answer began.
#[derive(Debug)]
pub(crate) struct Ending {
    span: Span,
    record: Arc<Record>,
    /// None unless it was answered.
    status: Option<u16>,
}

impl Ending {
    pub(crate) fn new(span: &Span, record: &Arc<Record>) -> Self {
        Self {
            span: span.clone(),
            record: Arc::clone(record),
            status: None,
        }
    }

    /// It is answered with this status.
    pub(crate) fn answered(mut self, status: u16) {
        self.status = Some(status);
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if !is_exporting() {
            return;
        }
        let Self { record, status, .. } = self;
        let context = self.span.context();
        let span = context.span();
        if !span.is_recording() {
            return;
        }
        let route = record.route();
        span.update_name(match &route {
            Some(route) => format!("{} {route}", record.method()),
            None => record.method().to_string(),
        });
        match status {
            Some(status) if *status >= 500 => span.set_status(Status::error("")),
            Some(_) => {}
            None => {
                span.set_status(Status::error("given up"));
                let route = route.map(|route| KeyValue::new("http.route", route));
                span.set_attributes(route);
            }
        }
        for (name, spent) in record.dependencies() {
            span.add_event("dependency", attributes(name, spent));
        }
        for (phase, spent) in record.times().iter() {
            if spent.total() > LEAST {
                span.add_event("phase", attributes(phase.name(), spent));
            }
        }
    }
}

fn attributes(name: &'static str, spent: Spent) -> Vec<KeyValue> {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    vec![
        KeyValue::new("name", name),
        KeyValue::new("busy_ms", milliseconds(spent.busy)),
        KeyValue::new("awaiting_ms", milliseconds(spent.awaiting)),
    ]
}
