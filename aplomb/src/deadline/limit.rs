//! [`TimeLimit`]: what a route grants.

use std::time::Duration;

use crate::app::Compat;

/// How long the requests of a route may take until their answer begins.
///
/// ```
/// use std::time::Duration;
/// use aplomb::deadline::TimeLimit;
///
/// assert_eq!(TimeLimit::default(), TimeLimit::After(Duration::from_secs(10)));
/// assert_eq!(TimeLimit::from(Duration::from_secs(3)), TimeLimit::After(Duration::from_secs(3)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeLimit {
    /// So long after the end of the request's head.
    After(Duration),
    /// As long as it takes, unless whoever asks says how long they wait.
    None,
}

impl TimeLimit {
    /// Where nobody says anything; FastAPI waits for ever.
    pub(crate) fn usual(compat: Compat) -> Self {
        match compat {
            Compat::Exact => Self::None,
            Compat::Safe => Self::default(),
        }
    }
}

/// Ten seconds: clients and balancers give up later, so that they see an answer that says why.
impl Default for TimeLimit {
    fn default() -> Self {
        Self::After(Duration::from_secs(10))
    }
}

impl From<Duration> for TimeLimit {
    fn from(time: Duration) -> Self {
        Self::After(time)
    }
}
