//! [`Tree`]: spans within each other.

use std::time::Duration;

use super::Span;
use crate::json;
use crate::json::Value;
use crate::live::bounds;

/// How deep spans are shown within each other.
const DEPTH: usize = 32;

/// Shows spans within each other, as long as there is room.
pub(super) struct Tree<'a> {
    spans: &'a [Span],
    /// When it is looked at, since the request arrived.
    now: Duration,
    room: usize,
    shown: usize,
}

impl<'a> Tree<'a> {
    pub(super) fn new(spans: &'a [Span], now: Duration, room: usize) -> Self {
        Self {
            spans,
            now,
            room,
            shown: 0,
        }
    }

    /// How many spans were shown.
    pub(super) fn shown(&self) -> usize {
        self.shown
    }

    /// Those that were opened in another, or in none.
    pub(super) fn below(&mut self, parent: Option<usize>, depth: usize) -> Vec<Value> {
        let mut below = Vec::new();
        if depth == DEPTH {
            return below;
        }
        for (number, span) in self.spans.iter().enumerate() {
            if span.parent != parent {
                continue;
            }
            let mut one = self.one(span);
            let size = bounds::size(&one);
            if size > self.room {
                break;
            }
            self.room -= size;
            self.shown += 1;
            let children = self.below(Some(number), depth + 1);
            if !children.is_empty() {
                one.insert("spans", Value::Array(children));
            }
            below.push(one);
        }
        below
    }

    fn one(&self, span: &Span) -> Value {
        let callsite = span.callsite;
        let end = span.closed.unwrap_or(self.now);
        let mut one = json!({
            "name": callsite.name(),
            "target": callsite.target(),
            "level": callsite.level().as_str().to_ascii_lowercase(),
            "start_ms": milliseconds(span.opened),
            "duration_ms": milliseconds(end.saturating_sub(span.opened)),
        });
        if span.closed.is_none() {
            one.insert("open", true);
        }
        if !span.fields.is_empty() {
            one.insert("fields", Value::Object(span.fields.clone()));
        }
        one
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}
