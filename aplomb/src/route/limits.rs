//! [`RequestLimits`]: how much the requests of a route may bring, and how long they may take.

use crate::app::Compat;
use crate::deadline::TimeLimit;
use crate::http::FormLimits;
use crate::serve::OnDisconnect;

/// How much the requests of a route may bring, and how long they may take; what is not said here
/// is said further out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RequestLimits {
    /// How many bytes a body may have.
    pub(crate) max_body_size: Option<usize>,
    /// How much a form may hold.
    pub(crate) form: FormLimits,
    /// How long it may take until the answer begins.
    pub(crate) deadline: Option<TimeLimit>,
    /// What becomes of it when its client leaves.
    pub(crate) on_disconnect: Option<OnDisconnect>,
}

impl RequestLimits {
    /// How long the answer may take to begin.
    #[inline]
    pub(crate) fn granted(&self, compat: Compat) -> TimeLimit {
        self.deadline.unwrap_or_else(|| TimeLimit::usual(compat))
    }

    /// What is said here, and for the rest what is said further out.
    pub(crate) fn below(self, outer: Self) -> Self {
        Self {
            max_body_size: self.max_body_size.or(outer.max_body_size),
            form: self.form.below(outer.form),
            deadline: self.deadline.or(outer.deadline),
            on_disconnect: self.on_disconnect.or(outer.on_disconnect),
        }
    }
}
