//! Writes JSON text without blanks, non-ASCII as it is.

mod items;

pub(crate) use items::Lost;
use items::Progress;

use super::decimal::Decimal;
use super::{Value, string};

/// Appends JSON text to a buffer.
///
/// It adds no commas or brackets of its own: who writes knows the pieces between the values, and
/// appends each as one [`raw`](Writer::raw) text.
///
/// ```
/// let mut writer = aplomb::json::Writer::new();
/// writer.raw(r#"{"name":"#);
/// writer.string("Plumbus \"deluxe\"");
/// writer.raw(r#","price":"#);
/// writer.float(3.0);
/// writer.raw("}");
/// assert_eq!(writer.as_bytes(), br#"{"name":"Plumbus \"deluxe\"","price":3.0}"#);
/// ```
#[derive(Clone, Debug)]
pub struct Writer {
    buffer: Vec<u8>,
    wrote_non_finite: bool,
    /// What was cut off the buffer, in order.
    pieces: Vec<Vec<u8>>,
    /// From which length on the buffer is cut behind an item.
    piece: usize,
    /// How many pieces there may be before the text pauses.
    most: usize,
    progress: Progress,
}

/// How much a piece of a long text has room for, in bytes.
const PIECE: usize = 128 << 10;
/// How much of it is left for the item that makes it full, until larger ones have been seen.
const MARGIN: usize = 1 << 10;
/// How much room a text begins with: enough for most answers, so that they grow only once.
const ROOM: usize = 256;
/// How many of them are written before a text pauses for the first time: 2 MiB.
const FIRST: usize = 16;

impl Default for Writer {
    fn default() -> Self {
        Self {
            buffer: Vec::new(),
            wrote_non_finite: false,
            pieces: Vec::new(),
            piece: usize::MAX,
            most: usize::MAX,
            progress: Progress::default(),
        }
    }
}

impl Writer {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty writer with room for that many bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            buffer: Vec::with_capacity(capacity),
            ..Self::default()
        }
    }

    /// An empty writer of a text that may be long: it is kept in pieces, none of which is ever
    /// copied or larger than a piece and an item.
    pub(crate) fn in_pieces() -> Self {
        Self {
            piece: PIECE - MARGIN,
            ..Self::default()
        }
    }

    /// The same, which pauses behind an item when the text is very long. What is written after
    /// that counts as nothing, and the text can be written on by [`resume`](Self::resume).
    pub(crate) fn pausing() -> Self {
        Self {
            buffer: Vec::with_capacity(ROOM),
            most: FIRST,
            ..Self::in_pieces()
        }
    }

    /// The text written, in pieces.
    pub(crate) fn into_pieces(mut self) -> Vec<Vec<u8>> {
        if !self.buffer.is_empty() {
            self.pieces.push(self.buffer);
        }
        self.pieces
    }

    /// Takes back all but the first bytes.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.buffer.truncate(length);
    }

    /// Whether it is more than one piece by now.
    pub(crate) fn is_long(&self) -> bool {
        !self.pieces.is_empty()
    }

    /// How many bytes are written.
    #[inline]
    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    /// True if nothing is written.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// The text written so far.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// The text written.
    #[inline]
    pub fn into_bytes(self) -> Vec<u8> {
        self.buffer
    }

    /// Appends text that is JSON already.
    #[inline]
    pub fn raw(&mut self, text: &str) {
        self.buffer.extend_from_slice(text.as_bytes());
    }

    /// Whether a float that JSON cannot spell was written as a part of any value.
    pub(crate) fn wrote_non_finite(&self) -> bool {
        self.wrote_non_finite
    }

    /// Appends `null`.
    #[inline]
    pub fn null(&mut self) {
        self.raw("null");
    }

    /// Appends `true` or `false`.
    #[inline]
    pub fn boolean(&mut self, boolean: bool) {
        self.raw(if boolean { "true" } else { "false" });
    }

    /// Appends an integer.
    #[inline]
    pub fn integer(&mut self, integer: i64) {
        self.raw(itoa::Buffer::new().format(integer));
    }

    /// Appends an integer.
    #[inline]
    pub fn unsigned(&mut self, integer: u64) {
        self.raw(itoa::Buffer::new().format(integer));
    }

    /// Appends the shortest text that reads back as the same float, such as `1.0` or `1e-7`;
    /// `null` if it is not finite.
    #[inline]
    pub fn float(&mut self, float: f64) {
        if let Some(decimal) = Decimal::new(float) {
            self.decimal(float.is_sign_negative(), decimal);
        } else if float.is_finite() {
            self.raw(ryu::Buffer::new().format_finite(float));
        } else {
            self.null();
        }
    }

    fn decimal(&mut self, negative: bool, decimal: Decimal) {
        if negative {
            self.buffer.push(b'-');
        }
        self.unsigned(decimal.whole);
        let mut digits = [b'.', 0, 0, 0, 0, 0, 0];
        let mut millionths = decimal.millionths;
        let mut end = 2;
        for (index, digit) in digits.iter_mut().enumerate().skip(1).rev() {
            *digit = b'0' + (millionths % 10) as u8;
            millionths /= 10;
            if *digit != b'0' {
                end = end.max(index + 1);
            }
        }
        self.buffer.extend_from_slice(&digits[..end]);
    }

    /// Appends a string with its quotes, escaping what JSON demands and nothing more.
    #[inline]
    pub fn string(&mut self, text: &str) {
        self.buffer.reserve(text.len() + 2);
        self.buffer.push(b'"');
        let stop = string::special(text.as_bytes(), 0);
        if stop == text.len() {
            self.raw(text);
        } else {
            self.escaped(text.as_bytes(), stop);
        }
        self.buffer.push(b'"');
    }

    #[cold]
    fn escaped(&mut self, text: &[u8], first: usize) {
        let (mut from, mut stop) = (0, first);
        while let Some(byte) = text.get(stop) {
            self.buffer.extend_from_slice(&text[from..stop]);
            self.escape(*byte);
            from = stop + 1;
            stop = string::special(text, from);
        }
        self.buffer.extend_from_slice(&text[from..]);
    }

    /// Appends the escape of an ASCII character.
    pub(super) fn escape(&mut self, byte: u8) {
        self.raw(match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            b'\t' => "\\t",
            b'\n' => "\\n",
            0x0C => "\\f",
            b'\r' => "\\r",
            _ => return self.escape_unit(byte.into()),
        });
    }

    /// Appends the `\u` escape of a UTF-16 unit.
    pub(super) fn escape_unit(&mut self, unit: u16) {
        self.raw("\\u");
        for digit in [unit >> 12, unit >> 8, unit >> 4, unit] {
            self.buffer
                .push(b"0123456789abcdef"[usize::from(digit & 0xF)]);
        }
    }

    /// Appends any value.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.null(),
            Value::Bool(boolean) => self.boolean(*boolean),
            Value::Integer(integer) => self.integer(*integer),
            Value::BigInteger(digits) => self.raw(digits),
            Value::Float(float) => {
                self.wrote_non_finite |= !float.is_finite();
                self.float(*float);
            }
            Value::String(text) => self.string(text),
            Value::Array(items) => self.items(*b"[]", items.iter(), Self::value),
            Value::Object(members) => {
                self.items(*b"{}", members.iter(), |writer, (key, value)| {
                    writer.string(key);
                    writer.raw(":");
                    writer.value(value);
                });
            }
        }
    }
}
