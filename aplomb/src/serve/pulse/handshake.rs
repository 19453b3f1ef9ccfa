//! What TLS adds to a connection: its handshake, and an end that says what it is.

use std::sync::atomic::Ordering::Relaxed;

use super::Pulse;

impl Pulse {
    /// Whether a handshake has begun to arrive that is not over.
    #[cfg(feature = "tls")]
    pub(in crate::serve) fn shakes_hands(&self, is_so: bool) {
        self.state().shakes_hands = is_so;
    }

    /// The connection is closed where nothing is being said, so that its end is no interruption.
    pub(in crate::serve) fn closes_cleanly(&self) {
        self.is_clean.store(true, Relaxed);
    }

    /// Whether the end of the connection is no interruption.
    #[cfg(feature = "tls")]
    pub(in crate::serve) fn is_clean(&self) -> bool {
        self.is_clean.load(Relaxed)
    }
}
