//! The codes a connection closes with, by the names of RFC 6455 and IANA.

/// The purpose is fulfilled.
pub const NORMAL_CLOSURE: u16 = 1000;
/// A server goes down, or a browser leaves the page.
pub const GOING_AWAY: u16 = 1001;
/// The other side broke the protocol.
pub const PROTOCOL_ERROR: u16 = 1002;
/// A message of a kind that cannot be accepted.
pub const UNSUPPORTED_DATA: u16 = 1003;
/// The close frame had no code; never sent.
pub const NO_STATUS_RECEIVED: u16 = 1005;
/// The connection broke off without a close frame; never sent.
pub const ABNORMAL_CLOSURE: u16 = 1006;
/// A message whose content is not what its kind promises.
pub const INVALID_FRAME_PAYLOAD_DATA: u16 = 1007;
/// A message or a client that breaks a rule of the service.
pub const POLICY_VIOLATION: u16 = 1008;
/// A message that is too long.
pub const MESSAGE_TOO_BIG: u16 = 1009;
/// The server failed.
pub const INTERNAL_ERROR: u16 = 1011;
/// The server stops; clients may come back a little later.
pub const SERVICE_RESTART: u16 = 1012;
/// The server has too much to do.
pub const TRY_AGAIN_LATER: u16 = 1013;

/// Whether a close frame may carry this code.
pub(crate) const fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}
