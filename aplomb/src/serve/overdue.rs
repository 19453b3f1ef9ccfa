//! [`Overdue`]: what ends a connection that its client does not end.

/// Why a connection is closed before its client asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overdue {
    Head,
    Idle,
    SlowBody,
    UnreadAnswer,
    StuckAnswer,
    /// Nobody reads from the client, so that it has to be looked for: no reason yet.
    Unseen,
    ClientLeft,
    Lingered,
    Farewell,
}
