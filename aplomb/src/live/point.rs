//! [`Point`]: the moments of a request at which something can be looked at.

use std::fmt;

use super::expression::Root;

/// A moment in the life of a request, or of a background task.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Point {
    /// The arguments have been checked, whatever was found.
    Validate,
    /// The arguments were refused.
    Invalid,
    /// A dependency has given its result, or failed.
    Dependency(String),
    /// A statement that was sent to a database has ended.
    Database,
    /// The handler has given its result, or failed.
    Handler,
    /// Something failed that was to answer the request.
    Error,
    /// The response is there and about to be sent.
    Response,
    /// A WebSocket was accepted.
    Open,
    /// A WebSocket has brought a message, or sends one.
    Message,
    /// A WebSocket that was accepted is closed.
    Close,
    /// A background task has ended.
    Task,
}

impl Point {
    /// The bit of the point in the mask of a route.
    pub(crate) const fn bit(&self) -> u16 {
        match self {
            Self::Validate => 1,
            Self::Invalid => 2,
            Self::Dependency(_) => 4,
            Self::Handler => 8,
            Self::Error => 16,
            Self::Response => 32,
            Self::Task => 64,
            Self::Open => 128,
            Self::Message => 256,
            Self::Close => 512,
            Self::Database => 1024,
        }
    }

    /// Whether a value that begins like this can be known at this point.
    pub(crate) fn knows(&self, root: Root) -> bool {
        match root {
            Root::Request | Root::Elapsed | Root::Duration => true,
            Root::Task => *self == Self::Task,
            _ if *self == Self::Task => false,
            Root::Message => *self == Self::Message,
            Root::Close => *self == Self::Close,
            Root::Database => *self == Self::Database,
            Root::Phase | Root::Header | Root::Path | Root::Query | Root::Dependency => true,
            Root::Body => !matches!(self, Self::Dependency(_)),
            Root::Error => !matches!(
                self,
                Self::Validate | Self::Invalid | Self::Open | Self::Database
            ),
            Root::Errors => {
                !self.is_of_websockets()
                    && !matches!(self, Self::Dependency(_) | Self::Handler | Self::Database)
            }
            Root::Response => *self == Self::Response,
        }
    }

    /// The points that every route has.
    pub(crate) const fn of_every_route() -> [Self; 6] {
        [
            Self::Validate,
            Self::Invalid,
            Self::Database,
            Self::Handler,
            Self::Error,
            Self::Response,
        ]
    }

    /// The points that routes of WebSockets have besides.
    pub(crate) const fn of_every_websocket() -> [Self; 3] {
        [Self::Open, Self::Message, Self::Close]
    }

    /// Whether routes of WebSockets have it alone.
    pub(crate) const fn is_of_websockets(&self) -> bool {
        matches!(self, Self::Open | Self::Message | Self::Close)
    }
}

impl fmt::Display for Point {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Validate => formatter.write_str("@validate"),
            Self::Invalid => formatter.write_str("@invalid"),
            Self::Dependency(name) => write!(formatter, "@dep:{name}"),
            Self::Database => formatter.write_str("@database"),
            Self::Handler => formatter.write_str("@handler"),
            Self::Error => formatter.write_str("@error"),
            Self::Response => formatter.write_str("@response"),
            Self::Open => formatter.write_str("@open"),
            Self::Message => formatter.write_str("@message"),
            Self::Close => formatter.write_str("@close"),
            Self::Task => formatter.write_str("@task"),
        }
    }
}
