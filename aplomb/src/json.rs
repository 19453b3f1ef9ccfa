//! JSON as the wire contract needs it: a value that can hold everything Python's decoder accepts,
//! a parser with Python's messages, a fast typed [`Reader`] and a [`Writer`].

mod parse;
mod reader;
mod value;
mod writer;

pub use parse::{ParseError, parse};
pub use reader::{Reader, Refused};
pub use value::{Object, Value};
pub use writer::Writer;
