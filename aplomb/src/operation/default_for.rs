//! [`DefaultFor`]: what may stand behind `default =`.

/// A value that may stand behind `default =` of an argument of type `T`.
///
/// A text may be the default of a `String`, a whole number that of an `f64`, a list that of a
/// `Vec`, and each of them that of an `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the default of a `{T}`",
    label = "wrong type of default",
    note = "the default is a `{T}`, or a literal that becomes one"
)]
pub trait DefaultFor<T> {
    /// The default.
    fn convert(self) -> T;
}

impl<T> DefaultFor<T> for T {
    fn convert(self) -> T {
        self
    }
}

impl<T> DefaultFor<Option<T>> for T {
    fn convert(self) -> Option<T> {
        Some(self)
    }
}

impl DefaultFor<String> for &str {
    fn convert(self) -> String {
        self.to_owned()
    }
}

impl DefaultFor<Option<String>> for &str {
    fn convert(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl DefaultFor<f64> for i32 {
    fn convert(self) -> f64 {
        f64::from(self)
    }
}

impl DefaultFor<Option<f64>> for i32 {
    fn convert(self) -> Option<f64> {
        Some(f64::from(self))
    }
}

impl<A: DefaultFor<T>, T, const N: usize> DefaultFor<Vec<T>> for [A; N] {
    fn convert(self) -> Vec<T> {
        self.into_iter().map(A::convert).collect()
    }
}

impl<A: DefaultFor<T>, T, const N: usize> DefaultFor<Option<Vec<T>>> for [A; N] {
    fn convert(self) -> Option<Vec<T>> {
        Some(self.convert())
    }
}
