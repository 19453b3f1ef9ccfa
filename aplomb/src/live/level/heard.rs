//! [`Heard`]: an event or span that a level gives out, as listeners get it.

use std::fmt::{self, Write as _};

use tracing::Metadata;
use tracing::field::{Field, Visit};

use crate::live::bounds;
use crate::live::definition::LogLevel;

/// The longest value of a field, in bytes.
const VALUE: usize = 256;
/// The longest text, in bytes.
const TEXT: usize = 2048;
/// What stands in the place of a secret.
const HIDDEN: &str = "hidden";

/// An event or span that a level gives out, as listeners get it.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) level: LogLevel,
    /// The target, and where it stands in the code.
    pub(crate) place: String,
    /// What it says, with its fields.
    pub(crate) text: String,
}

impl Heard {
    /// Of a callsite with these values, within these spans, the outermost first.
    pub(super) fn new(
        callsite: &Metadata<'_>,
        spans: &[&str],
        record: impl FnOnce(&mut dyn Visit),
        hides: impl Fn(&str) -> bool,
    ) -> Self {
        let mut text = Text::default();
        if callsite.is_span() {
            text.said = format!("span {} begins", callsite.name());
        }
        record(&mut Hiding::new(&mut text, hides));
        let mut place = callsite.target().to_owned();
        if let (Some(file), Some(line)) = (callsite.file(), callsite.line()) {
            let _ = write!(place, " {file}:{line}");
        }
        if !spans.is_empty() {
            let _ = write!(place, " in {}", spans.join(" > "));
        }
        let separator = if text.said.is_empty() { "" } else { " " };
        let fields = text.fields.trim_start();
        let whole = format!("{}{separator}{fields}", text.said);
        Self {
            level: level(callsite),
            place: bounds::text(&place, TEXT),
            text: bounds::text(whole.trim_end(), TEXT),
        }
    }
}

fn level(callsite: &Metadata<'_>) -> LogLevel {
    match *callsite.level() {
        tracing::Level::ERROR => LogLevel::Error,
        tracing::Level::WARN => LogLevel::Warn,
        tracing::Level::INFO => LogLevel::Info,
        tracing::Level::DEBUG => LogLevel::Debug,
        tracing::Level::TRACE => LogLevel::Trace,
    }
}

#[derive(Default)]
struct Text {
    said: String,
    fields: String,
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.said.push_str(bounds::cut(value, TEXT)),
            _ => self.record_debug(field, &value),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let (into, longest) = match field.name() {
            "message" => (&mut self.said, TEXT),
            name => {
                let _ = write!(self.fields, " {name}=");
                (&mut self.fields, VALUE)
            }
        };
        bounds::write(into, longest, format_args!("{value:?}"));
    }
}

/// Hands values on, but those of fields whose names say that they are secrets.
pub(crate) struct Hiding<'a, H> {
    to: &'a mut dyn Visit,
    hides: H,
}

impl<'a, H: Fn(&str) -> bool> Hiding<'a, H> {
    pub(crate) fn new(to: &'a mut dyn Visit, hides: H) -> Self {
        Self { to, hides }
    }

    fn hands_on(&mut self, field: &Field, hand_on: impl FnOnce(&mut dyn Visit)) {
        match (self.hides)(field.name()) {
            true => self.to.record_debug(field, &format_args!("{HIDDEN}")),
            false => hand_on(self.to),
        }
    }
}

impl<H: Fn(&str) -> bool> Visit for Hiding<'_, H> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.hands_on(field, |to| to.record_f64(field, value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.hands_on(field, |to| to.record_i64(field, value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.hands_on(field, |to| to.record_u64(field, value));
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.hands_on(field, |to| to.record_i128(field, value));
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.hands_on(field, |to| to.record_u128(field, value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.hands_on(field, |to| to.record_bool(field, value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.hands_on(field, |to| to.record_str(field, value));
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        self.hands_on(field, |to| to.record_bytes(field, value));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.hands_on(field, |to| to.record_error(field, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.hands_on(field, |to| to.record_debug(field, value));
    }
}
