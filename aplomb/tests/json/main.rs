//! JSON: the recorded answers to malformed bodies, and what the value, the parser, the reader and
//! the writer promise.

#![allow(clippy::unwrap_used)]

mod matrix;
mod parse;
mod properties;
mod reader;
mod value;
mod writer;
