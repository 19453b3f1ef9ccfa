//! What a validator of the user's answers when a value will not do.

use std::borrow::Cow;
use std::fmt::Display;

use super::Problems;
use crate::json::{Object, Value};

/// Why a validator refuses a value.
///
/// Anything that displays turns into one, so that `?` and plain texts work; the client then reads
/// `Value error, TEXT`.
///
/// ```
/// use aplomb::model::Invalid;
///
/// fn even(number: &i64) -> Result<(), Invalid> {
///     if number % 2 != 0 {
///         return Err("must be even".into());
///     }
///     if *number > 100 {
///         return Err(Invalid::custom("too_even", "That is too even"));
///     }
///     Ok(())
/// }
/// # assert!(even(&2).is_ok());
/// # assert!(even(&3).is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Invalid {
    kind: Cow<'static, str>,
    message: String,
    context: Option<Object>,
}

impl Invalid {
    /// A refusal that the client reads as `Value error, TEXT`.
    pub fn new(text: impl Display) -> Self {
        Self::exception("value_error", format!("Value error, {text}"))
    }

    /// A refusal that the client reads as `Assertion failed, TEXT`.
    pub fn assertion(text: impl Display) -> Self {
        Self::exception("assertion_error", format!("Assertion failed, {text}"))
    }

    /// A refusal with a kind and a sentence of its own.
    pub fn custom(kind: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            message: message.into(),
            context: None,
        }
    }

    /// Adds what the sentence was made from.
    #[must_use]
    pub fn with_context(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.context
            .get_or_insert_default()
            .insert(name.into(), value.into());
        self
    }

    /// The sentence the client reads.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Records the refusal of `input`.
    pub fn report(self, input: &Value, problems: &mut Problems) {
        problems.report(self.kind, self.message, input, self.context);
    }

    /// Python's exceptions leave an empty object in the context.
    fn exception(kind: &'static str, message: String) -> Self {
        Self::custom(kind, message).with_context("error", Object::new())
    }
}

impl<E: Display> From<E> for Invalid {
    fn from(error: E) -> Self {
        Self::new(error)
    }
}

/// A function that checks a value: `fn(&T) -> Result<(), E>` or `fn(T) -> Result<T, E>`, where `E`
/// is an [`Invalid`] or displays.
///
/// A validator of `T` serves an `Option<T>` too, and then sees no `None`; one of `&str` serves a
/// `String`. `Form` tells them apart and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a validator of `{T}`",
    label = "this function does not take and give what a validator does",
    note = "write `fn(&{T}) -> Result<(), E>`, or `fn({T}) -> Result<{T}, E>` to change the value; `E` is a text, an `Invalid` or any error that displays"
)]
pub trait Validator<T, Form> {
    /// Gives the value back, or says why it will not do.
    ///
    /// # Errors
    /// The [`Invalid`] that the client is told.
    fn check(&self, value: T) -> Result<T, Invalid>;
}

/// The form of a validator that looks at the value.
#[derive(Debug)]
pub struct Looks(());

/// The form of a validator that takes the value and gives it back.
#[derive(Debug)]
pub struct Changes(());

impl<T, E: Into<Invalid>, F: Fn(&T) -> Result<(), E>> Validator<T, Looks> for F {
    fn check(&self, value: T) -> Result<T, Invalid> {
        match self(&value) {
            Ok(()) => Ok(value),
            Err(error) => Err(error.into()),
        }
    }
}

impl<T, E: Into<Invalid>, F: Fn(T) -> Result<T, E>> Validator<T, Changes> for F {
    fn check(&self, value: T) -> Result<T, Invalid> {
        self(value).map_err(Into::into)
    }
}

/// The form of a validator that looks at a text.
#[derive(Debug)]
pub struct LooksAtText(());

impl<E: Into<Invalid>, F: Fn(&str) -> Result<(), E>> Validator<String, LooksAtText> for F {
    fn check(&self, value: String) -> Result<String, Invalid> {
        match self(&value) {
            Ok(()) => Ok(value),
            Err(error) => Err(error.into()),
        }
    }
}

/// The form of a validator that serves an `Option` where there is something in it.
#[derive(Debug)]
pub struct InSome<Form>(std::marker::PhantomData<Form>);

// One impl for all forms would make the compiler look for ever longer ones.
macro_rules! in_some {
    ($($form:ty, $held:ty, ($($parameter:ident)*), $call:path;)*) => {$(
        impl<$($parameter,)* E: Into<Invalid>, F: $call> Validator<Option<$held>, InSome<$form>> for F {
            fn check(&self, value: Option<$held>) -> Result<Option<$held>, Invalid> {
                let check = |value| Validator::<$held, $form>::check(self, value);
                value.map(check).transpose()
            }
        }
    )*};
}

in_some! {
    Looks, T, (T), Fn(&T) -> Result<(), E>;
    Changes, T, (T), Fn(T) -> Result<T, E>;
    LooksAtText, String, (), Fn(&str) -> Result<(), E>;
}
