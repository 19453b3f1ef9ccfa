//! Reads arguments and results for the probes that want them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::Seen;
use crate::http::Request;
use crate::json::Value;
use crate::live::armed::Armed;
use crate::live::bounds;
use crate::live::expression::Root;
use crate::model::{Dump, Place, Selection};
use crate::operation::{BodyShape, Parameter};
use crate::serve::lane;

/// The longest body that values of unknown length are taken from, in bytes.
const LONGEST: u64 = 64 << 10;
/// The largest value that is kept, in bytes of memory.
const LARGEST: usize = 256 << 10;

impl Seen {
    /// Takes note of an argument, if a probe wants it.
    #[cold]
    pub(crate) fn argument(
        &self,
        request: &Request,
        place: Place,
        parameter: &Parameter,
        shape: BodyShape,
        read: &dyn Fn(&Dump<'_>) -> Option<Value>,
    ) {
        let root = match place {
            Place::Path => Root::Path,
            Place::Query => Root::Query,
            Place::Header => Root::Header,
            Place::Body | Place::Form => Root::Body,
            Place::Cookie | Place::File => return,
        };
        // Whether a name is a secret takes longer to say than whether anybody asks.
        if !self.watch.looks_at(root) {
            return;
        }
        let field = &parameter.field;
        let secrecy = &self.watch.secrecy;
        let hides = |name: &str| match root {
            Root::Header => secrecy.hides_header(name),
            _ => secrecy.hides(name),
        };
        let whole = root == Root::Body && shape == BodyShape::Whole;
        if field.secret || !whole && (hides(field.alias) || hides(field.name)) {
            return;
        }
        let now = self.watch.hub.now();
        let is_group = root != Root::Body && !(parameter.group)().is_empty();
        let name = if whole { "" } else { field.alias };
        let (fields, long, payers) = match is_group {
            true => (None, false, self.watch.want_any(root, &self.drawn, now)),
            false => match self.watch.wants(root, name, &self.drawn, now) {
                Some((want, payers)) => (want.fields.as_ref(), want.long, payers),
                None => return,
            },
        };
        if root == Root::Body && long && is_long(request) {
            self.leave_out(
                root,
                "it is longer than 64 KiB, or does not say how long it is",
            );
            return;
        }
        let Some(value) = self.read(root, fields, &payers, now, read) else {
            return;
        };
        let mut values = self.values();
        if whole {
            values.arguments.insert(root.name().to_owned(), value);
            return;
        }
        let place = values.arguments.entry(root.name().to_owned()).or_default();
        match value {
            Value::Object(members) if is_group => {
                for (name, member) in members {
                    let name = match root {
                        Root::Header => name.replace('_', "-"),
                        _ => name,
                    };
                    if !hides(&name) {
                        place.insert(name, member);
                    }
                }
            }
            Value::String(text)
                if root == Root::Header && secrecy.header(field.alias, &text).is_none() => {}
            value => place.insert(field.alias, value),
        }
    }

    fn leave_out(&self, root: Root, why: &str) {
        self.values().left_out = Some(format!("{}: {why}", root.name()));
    }

    /// Reads a value by its model's own writer, without what is secret; those pay for it who want
    /// it.
    pub(super) fn read(
        &self,
        root: Root,
        fields: Option<&Selection>,
        payers: &[&Arc<Armed>],
        now: u64,
        read: &dyn Fn(&Dump<'_>) -> Option<Value>,
    ) -> Option<Value> {
        let options = Dump {
            hide_secrets: true,
            include: fields,
            ..Dump::ALL
        };
        let value = self.charged(payers, now, || {
            let mut value = read(&options)?;
            self.watch.secrecy.hide_in(&mut value);
            Some((bounds::weight(&value), value))
        });
        let (weight, value) = value.flatten()?;
        if !self.hold(weight) {
            for armed in payers {
                armed.probe.counters.dropped.fetch_add(1, Relaxed);
            }
            self.leave_out(root, "there is no room for it");
            return None;
        }
        Some(value)
    }

    /// Whether there is room to keep so many bytes more until the request has ended.
    pub(super) fn hold(&self, weight: usize) -> bool {
        let room = weight <= LARGEST && self.watch.held().hold(weight);
        if room {
            self.values().held += weight;
        }
        room
    }

    /// Does some work for these probes, which pay for it in equal parts. If it panics they end, and
    /// the request goes on.
    pub(super) fn charged<R>(
        &self,
        payers: &[&Arc<Armed>],
        now: u64,
        work: impl FnOnce() -> R,
    ) -> Option<R> {
        let parts = u64::try_from(payers.len())
            .ok()
            .filter(|parts| *parts > 0)?;
        let begun = lane::worked();
        let done = catch_unwind(AssertUnwindSafe(work));
        let took = lane::worked().saturating_sub(begun);
        self.watch.hub.budgets.spend_time(now, took);
        for armed in payers {
            armed.probe.spend_time(now, took / parts);
            if done.is_err() {
                armed.trip("a value panicked when it was looked at");
            }
        }
        done.ok()
    }
}

/// Whether a body is longer than what is looked at as a whole.
pub(super) fn is_long(request: &Request) -> bool {
    let length = request.header("content-length");
    let length = length.and_then(|length| length.trim().parse::<u64>().ok());
    length.is_none_or(|length| length > LONGEST)
}
