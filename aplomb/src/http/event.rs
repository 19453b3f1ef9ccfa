//! [`ServerSentEvent`]: one event of a `text/event-stream`.

use std::borrow::Cow;
use std::fmt;

use crate::json::{PythonStyle, Value, Writer};
use crate::model::{Dump, Model};

/// One server-sent event, for streams that say more than data: FastAPI's `ServerSentEvent`.
///
/// Fields that the format cannot carry are told when the event is encoded: in an
/// [`EventStream`](crate::EventStream) such an event ends the stream with an error.
///
/// ```
/// use aplomb::{ServerSentEvent, json};
///
/// let event = ServerSentEvent::new()
///     .data(&json!({"key": "value"}))
///     .event("update")
///     .id("7")
///     .retry(5000);
/// let text = "event: update\ndata: {\"key\": \"value\"}\nid: 7\nretry: 5000\n\n";
/// assert_eq!(event.encode(), Ok(text.into()));
///
/// let event = ServerSentEvent::new().id("7\ndata: mine");
/// assert_eq!(event.encode().unwrap_err().to_string(), "SSE 'id' must be a single line");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerSentEvent {
    data: Option<String>,
    raw_data: Option<Cow<'static, str>>,
    event: Option<Cow<'static, str>>,
    id: Option<Cow<'static, str>>,
    retry: Option<u64>,
    comment: Option<Cow<'static, str>>,
}

/// Why an event cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidEvent {
    /// A field has a line break: its name.
    Lines(&'static str),
    /// The id has a null character, which the format forbids.
    NullInId,
    /// `data` and `raw_data` are both set.
    TwoData,
}

impl fmt::Display for InvalidEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lines(field) => write!(formatter, "SSE '{field}' must be a single line"),
            Self::NullInId => formatter.write_str("SSE 'id' must not contain null characters"),
            Self::TwoData => formatter
                .write_str("Cannot set both 'data' and 'raw_data' on the same ServerSentEvent"),
        }
    }
}

impl std::error::Error for InvalidEvent {}

impl ServerSentEvent {
    /// An event without anything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the data: any model, as JSON; texts are quoted. Null is no data.
    #[must_use]
    pub fn data(mut self, data: &impl Model) -> Self {
        self.data = data_text(data);
        self
    }

    /// Sets the data as it is, without JSON; several lines are allowed.
    #[must_use]
    pub fn raw_data(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.raw_data = Some(text.into());
        self
    }

    /// Sets the type, which a browser listens for with `addEventListener`; one line.
    #[must_use]
    pub fn event(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.event = Some(name.into());
        self
    }

    /// Sets the id, which a browser sends back as `Last-Event-ID`; one line without null
    /// characters.
    #[must_use]
    pub fn id(mut self, id: impl Into<Cow<'static, str>>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets after how many milliseconds a browser reconnects.
    #[must_use]
    pub fn retry(mut self, milliseconds: u64) -> Self {
        self.retry = Some(milliseconds);
        self
    }

    /// Adds a comment, which browsers ignore; several lines are allowed.
    #[must_use]
    pub fn comment(mut self, comment: impl Into<Cow<'static, str>>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// The event as it is sent, with the empty line behind it.
    ///
    /// # Errors
    /// [`InvalidEvent`] for a field that the format cannot carry.
    pub fn encode(&self) -> Result<String, InvalidEvent> {
        for (name, field) in [("event", &self.event), ("id", &self.id)] {
            if field
                .as_deref()
                .is_some_and(|text| text.contains(['\r', '\n']))
            {
                return Err(InvalidEvent::Lines(name));
            }
        }
        if self.id.as_deref().is_some_and(|id| id.contains('\0')) {
            return Err(InvalidEvent::NullInId);
        }
        if self.data.is_some() && self.raw_data.is_some() {
            return Err(InvalidEvent::TwoData);
        }
        let mut text = String::new();
        if let Some(comment) = &self.comment {
            put_lines(&mut text, ": ", comment);
        }
        if let Some(event) = &self.event {
            put(&mut text, "event: ", event);
        }
        if let Some(data) = self.data.as_deref().or(self.raw_data.as_deref()) {
            put_lines(&mut text, "data: ", data);
        }
        if let Some(id) = &self.id {
            put(&mut text, "id: ", id);
        }
        if let Some(retry) = self.retry {
            put(&mut text, "retry: ", &retry.to_string());
        }
        text.push('\n');
        Ok(text)
    }
}

fn put(text: &mut String, field: &str, value: &str) {
    text.push_str(field);
    text.push_str(value);
    text.push('\n');
}

/// One field for each line, where `\r\n`, `\n` and `\r` end a line, as the format has it.
fn put_lines(text: &mut String, field: &str, value: &str) {
    let mut rest = value;
    while let Some(end) = rest.find(['\r', '\n']) {
        put(text, field, &rest[..end]);
        let width = if rest[end..].starts_with("\r\n") {
            2
        } else {
            1
        };
        rest = &rest[end + width..];
    }
    put(text, field, rest);
}

/// Data in JSON: a struct as models are written, anything else in the spelling of Python's
/// `json.dumps`, as FastAPI has it.
fn data_text<T: Model>(data: &T) -> Option<String> {
    let mut writer = Writer::new();
    if T::fields().is_empty() {
        match data.dump(&Dump::ALL) {
            Value::Null => return None,
            value => writer.untyped(value),
        }
    } else {
        data.write(&mut writer);
    }
    String::from_utf8(writer.into_bytes()).ok()
}

impl Writer {
    /// Appends a value of no declared type: as Python's `json.dumps` spells it, with null for
    /// floats that JSON cannot spell.
    pub(crate) fn untyped(&mut self, mut value: Value) {
        finite(&mut value);
        // Cannot fail, since every float is finite now.
        let _ = self.python(&value, PythonStyle::Dumps);
    }
}

fn finite(value: &mut Value) {
    match value {
        Value::Float(float) if !float.is_finite() => *value = Value::Null,
        Value::Array(items) => items.iter_mut().for_each(finite),
        Value::Object(members) => members.values_mut().for_each(finite),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn encoded(event: &ServerSentEvent, wanted: &str) {
        assert_eq!(event.encode().as_deref(), Ok(wanted));
    }

    #[test]
    fn lines_end_as_the_format_has_it() {
        let raw = |text: &'static str| ServerSentEvent::new().raw_data(text);
        encoded(&raw("Hello\n"), "data: Hello\ndata: \n\n");
        encoded(&raw("Hello\n\n"), "data: Hello\ndata: \ndata: \n\n");
        encoded(&raw("\n"), "data: \ndata: \n\n");
        encoded(&raw("Hello\r\nWorld"), "data: Hello\ndata: World\n\n");
        encoded(&raw("Hello\rWorld"), "data: Hello\ndata: World\n\n");
        encoded(&raw("A\u{2028}B"), "data: A\u{2028}B\n\n");
        encoded(&raw("A\u{b}B"), "data: A\u{b}B\n\n");
        encoded(&raw(""), "data: \n\n");
        encoded(&ServerSentEvent::new().comment("hi\n"), ": hi\n: \n\n");
    }

    #[test]
    fn data_is_json() {
        let data = |value: Value| ServerSentEvent::new().data(&value);
        encoded(&data("hell\u{f6}".into()), "data: \"hell\\u00f6\"\n\n");
        encoded(
            &data(crate::json!({"a": [1, f64::NAN, 2.0]})),
            "data: {\"a\": [1, null, 2.0]}\n\n",
        );
        encoded(&data(Value::Null), "\n");
    }

    #[test]
    fn a_field_cannot_start_another() {
        let event = ServerSentEvent::new;
        for text in ["first\nsecond", "first\rsecond", "first\r\nsecond"] {
            assert_eq!(
                event().event(text).encode(),
                Err(InvalidEvent::Lines("event"))
            );
            assert_eq!(event().id(text).encode(), Err(InvalidEvent::Lines("id")));
        }
        assert_eq!(event().id("a\0b").encode(), Err(InvalidEvent::NullInId));
        let both = event().data(&"json".to_owned()).raw_data("raw");
        assert_eq!(both.encode(), Err(InvalidEvent::TwoData));
    }
}
