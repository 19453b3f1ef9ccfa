//! [`Fields`]: the fields of a span as snapshots have them.

use std::fmt;

use tracing::field::{Field, Visit};

use crate::json::{Object, Value};
use crate::live::bounds;
use crate::live::secrecy::{HIDDEN, Secrecy};

/// How many fields of a span are kept at the most.
pub(super) const MOST: usize = 16;
/// How much of a text is kept, in bytes.
const TEXT: usize = 128;
/// How much of a text is looked through for the names of secrets, in bytes.
const LOOKED_AT: usize = 2 * TEXT;

/// Takes the fields of a span, without what is secret.
pub(super) struct Fields<'a> {
    pub(super) taken: Object,
    secrecy: &'a Secrecy,
}

impl<'a> Fields<'a> {
    pub(super) fn new(secrecy: &'a Secrecy) -> Self {
        Self {
            taken: Object::new(),
            secrecy,
        }
    }

    fn put(&mut self, field: &Field, value: impl FnOnce(&Secrecy) -> Value) {
        if self.taken.len() >= MOST {
            return;
        }
        let value = match self.secrecy.hides(field.name()) {
            true => HIDDEN.into(),
            false => value(self.secrecy),
        };
        self.taken.insert(field.name().to_owned(), value);
    }
}

/// As much of a text as may be shown.
fn shown(secrecy: &Secrecy, text: &str) -> Value {
    let begin = bounds::cut(text, LOOKED_AT);
    let shown = secrecy.up_to_secret(begin);
    let mut bounded = bounds::text(shown, TEXT);
    if shown.len() < begin.len() && shown.len() <= TEXT {
        bounded.push_str(HIDDEN);
    }
    Value::String(bounded)
}

impl Visit for Fields<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, |_| value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, |_| value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, |_| value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, |_| value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, |secrecy| shown(secrecy, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, |secrecy| {
            let mut text = String::new();
            bounds::write(&mut text, LOOKED_AT, format_args!("{value:?}"));
            shown(secrecy, &text)
        });
    }
}
