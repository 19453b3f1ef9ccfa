//! Validators that run before a value is read.

use super::Invalid;
use crate::json::Value;

/// A function that makes of what was sent what the type reads: `fn(Value) -> Result<Value, E>`, or
/// `fn(Value) -> Value`, where `E` is an [`Invalid`] or displays.
///
/// It sees every value that was sent, `null` too, and nothing where a field is absent. `Form` tells
/// the two apart and is always inferred.
///
/// ```
/// use aplomb::prelude::*;
///
/// #[derive(Model)]
/// struct Search {
///     #[field(validate_before = split)]
///     tags: Vec<String>,
/// }
///
/// fn split(tags: Value) -> Result<Value, &'static str> {
///     match tags.as_str() {
///         Some("") => Err("name a tag"),
///         Some(text) => Ok(json!(text.split(',').collect::<Vec<_>>())),
///         None => Ok(tags),
///     }
/// }
///
/// let search = Search::from_value(&json!({"tags": "red,blue"}));
/// assert_eq!(search.map(|search| search.tags).unwrap_or_default(), ["red", "blue"]);
/// let problems = Search::from_value(&json!({"tags": ""})).err().unwrap_or_default();
/// assert_eq!(problems.to_string(), "tags: Value error, name a tag");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a validator that runs before a value is read",
    label = "this function does not take and give JSON",
    note = "write `fn(Value) -> Result<Value, E>`, or `fn(Value) -> Value`; `E` is a text, an `Invalid` or any error that displays"
)]
pub trait BeforeValidator<Form> {
    /// Gives the value that the type is to read, or says why it will not do.
    ///
    /// # Errors
    /// The [`Invalid`] that the client is told.
    fn before(&self, value: Value) -> Result<Value, Invalid>;
}

/// The form of a validator that may refuse a value before it is read.
#[derive(Debug)]
pub struct Refuses(());

/// The form of a validator that refuses no value before it is read.
#[derive(Debug)]
pub struct Converts(());

impl<E: Into<Invalid>, F: Fn(Value) -> Result<Value, E>> BeforeValidator<Refuses> for F {
    fn before(&self, value: Value) -> Result<Value, Invalid> {
        self(value).map_err(Into::into)
    }
}

impl<F: Fn(Value) -> Value> BeforeValidator<Converts> for F {
    fn before(&self, value: Value) -> Result<Value, Invalid> {
        Ok(self(value))
    }
}
