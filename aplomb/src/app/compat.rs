//! [`Compat`]: FastAPI's answer where it is not safe.

/// How a service answers where FastAPI's answer is not safe.
///
/// ```
/// use aplomb::{App, app::Compat};
///
/// let app = App::new().compat(Compat::Exact);
/// ```
///
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compat {
    /// The safe answer.
    #[default]
    Safe,
    /// FastAPI's.
    Exact,
}
