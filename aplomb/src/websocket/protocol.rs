//! The framing of RFC 6455 and the compression of RFC 7692, without any input or output.
//!
//! A decoder and an encoder of our own rather than a library's: tungstenite has no compression;
//! yawc agrees to windows it does not keep, checks text only when a message is whole, leaves the
//! close codes of failures to its caller, and has `unsafe` where this needs none.

mod decoder;
mod deflate;
mod frame;
mod inflate;

pub(super) use decoder::{Decoded, Decoder, Event};
pub(super) use deflate::{Compressor, Deflate, WORTH_IT};
pub(super) use frame::{Failure, close_frame, control_frame, frame_head};

pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;
pub(super) const CONTINUATION: u8 = 0;
const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
pub(super) const PONG: u8 = 10;
