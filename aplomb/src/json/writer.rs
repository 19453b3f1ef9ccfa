//! Writes JSON text without blanks, non-ASCII as it is.

/// Appends JSON text to a buffer.
#[derive(Debug, Default)]
pub struct Writer {
    buffer: Vec<u8>,
}

impl Writer {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends text that is JSON already.
    #[inline]
    pub fn raw(&mut self, text: &str) {
        self.buffer.extend_from_slice(text.as_bytes());
    }

    /// The text written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.buffer
    }
}
