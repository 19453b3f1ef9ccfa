//! [`Phase`]: what a request is doing.

use std::fmt;

/// What a request is doing.
///
/// Every moment of a request belongs to exactly one phase, and none of them stands for a wrapper
/// around others.
///
/// ```
/// use aplomb::observe::Phase;
///
/// assert_eq!(Phase::CleanUp.to_string(), "clean-up");
/// assert_eq!(Phase::ALL.len(), 10);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Phase {
    /// On the way to its handler: finding the route, where no middleware stands around that.
    Routing,
    /// In middleware, on the way in or out, and finding the route meanwhile; or waiting in a
    /// function that answers an error.
    Middleware,
    /// Waiting to be let in, or for a thread.
    Waiting,
    /// Waiting for its body, and reading it.
    Body,
    /// Taking the arguments from the request and checking them.
    Validation,
    /// In a dependency; [`Record::dependencies`](super::Record::dependencies) says in which.
    Dependencies,
    /// In the handler.
    Handler,
    /// Turning the result into a response.
    Serialising,
    /// In the clean-up of dependencies that comes before the response.
    CleanUp,
    /// Handing the response to the client, and making what is made on the way.
    Writing,
}

impl Phase {
    /// All phases, in the order a request goes through them.
    pub const ALL: [Self; 10] = [
        Self::Routing,
        Self::Middleware,
        Self::Waiting,
        Self::Body,
        Self::Validation,
        Self::Dependencies,
        Self::Handler,
        Self::Serialising,
        Self::CleanUp,
        Self::Writing,
    ];

    /// The phase as one word, for logs, metrics and headers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Routing => "routing",
            Self::Middleware => "middleware",
            Self::Waiting => "waiting",
            Self::Body => "body",
            Self::Validation => "validation",
            Self::Dependencies => "dependencies",
            Self::Handler => "handler",
            Self::Serialising => "serialising",
            Self::CleanUp => "clean-up",
            Self::Writing => "writing",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
