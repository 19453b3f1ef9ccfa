//! JSON as the wire contract needs it: a value that can hold everything Python's decoder accepts,
//! a parser with Python's messages, a fast typed [`Reader`] and a [`Writer`].

mod conversion;
mod decimal;
mod encoding;
mod number;
mod parse;
mod python;
mod reader;
mod serialization;
mod string;
mod value;
mod writer;

pub use parse::{DEPTH_LIMIT, ParseError, parse};
pub use python::{NotFinite, PythonStyle};
pub use reader::{Checkpoint, Kind, Reader, Refused, is_valid};
pub use value::{Object, Value};
pub(crate) use writer::Lost;
pub use writer::Writer;

/// A [`Value`](crate::json::Value) written as JSON, with expressions wherever a value stands.
///
/// ```
/// let name = "Plumbus";
/// let item = aplomb::json!({"name": name, "tags": ["new", null], "price": 3.0 + 0.2});
/// assert_eq!(item["tags"][0], "new");
/// assert_eq!(item.to_string(), r#"{"name":"Plumbus","tags":["new",null],"price":3.2}"#);
/// ```
#[macro_export]
macro_rules! json {
    ($($json:tt)+) => {
        $crate::json::Value::from($crate::__private::serde_json::json!($($json)+))
    };
}
