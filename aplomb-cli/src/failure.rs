//! [`Failure`]: why a command did not do what it was asked for.

use std::io;
use std::process::ExitCode;

/// Why a command did not do what it was asked for. Each kind has an exit code of its own; 2 is that
/// of arguments that make no sense.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// An instance could not be asked, or its answer makes no sense: 1.
    Unreachable(String),
    /// The arguments make no sense: 2.
    Usage(String),
    /// The service refused a probe: 3.
    Refused(String),
    /// There is no such thing: 4.
    NotFound(String),
    /// It takes a token, or another one: 5.
    Forbidden(String),
    /// Some instances could not be asked, which was told when it was found: 1.
    Partial,
    /// Nobody reads what is printed any more; no reason to complain: 0.
    Unread,
}

impl Failure {
    /// What to tell people.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Unreachable(message)
            | Self::Usage(message)
            | Self::Refused(message)
            | Self::NotFound(message)
            | Self::Forbidden(message) => Some(message),
            Self::Partial | Self::Unread => None,
        }
    }

    /// What to tell scripts.
    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Unread => 0,
            Self::Unreachable(_) | Self::Partial => 1,
            Self::Usage(_) => 2,
            Self::Refused(_) => 3,
            Self::NotFound(_) => 4,
            Self::Forbidden(_) => 5,
        })
    }
}

impl From<io::Error> for Failure {
    /// Of writing to the output, the one thing of which errors come as they are.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            _ => Self::Unreachable(format!("cannot print: {error}")),
        }
    }
}
