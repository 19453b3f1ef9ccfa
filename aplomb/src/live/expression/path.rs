//! [`Path`]: the way to a value.

use std::fmt;

use super::Operand;
use crate::json::Value;

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Root {
    Path,
    Query,
    Header,
    Body,
    Dependency,
    Request,
    Response,
    Error,
    Errors,
    Phase,
    Database,
    Message,
    Close,
    Task,
    Elapsed,
    Duration,
}

impl Root {
    /// All of them, in the order they are listed for people.
    pub(crate) const ALL: [Self; 16] = [
        Self::Path,
        Self::Query,
        Self::Header,
        Self::Body,
        Self::Dependency,
        Self::Request,
        Self::Response,
        Self::Error,
        Self::Errors,
        Self::Phase,
        Self::Database,
        Self::Message,
        Self::Close,
        Self::Task,
        Self::Elapsed,
        Self::Duration,
    ];

    /// The name that an expression begins with.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Body => "body",
            Self::Dependency => "dep",
            Self::Request => "request",
            Self::Response => "response",
            Self::Error => "error",
            Self::Errors => "errors",
            Self::Phase => "phase",
            Self::Database => "database",
            Self::Message => "message",
            Self::Close => "close",
            Self::Task => "task",
            Self::Elapsed => "elapsed_ms",
            Self::Duration => "duration_ms",
        }
    }

    /// Whether its values are read from what the handler is given.
    pub(crate) const fn is_read(self) -> bool {
        matches!(
            self,
            Self::Path | Self::Query | Self::Header | Self::Body | Self::Dependency
        )
    }

    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|root| root.name() == name)
    }
}

/// One step of the way to a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// To a member.
    Name(Name),
    /// To an item.
    Index(usize),
}

/// The names of one member.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Name {
    /// As answers and accepted arguments have it.
    pub(crate) written: String,
    /// As clients send it.
    pub(crate) sent: String,
    /// As the code has it; nothing where it is no field of a model.
    pub(crate) code: Option<String>,
}

/// The way to a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Path {
    pub(crate) root: Root,
    pub(crate) steps: Vec<Step>,
}

impl Path {
    /// The name of the first step, where it is one.
    pub(crate) fn first(&self) -> Option<&Name> {
        match self.steps.first() {
            Some(Step::Name(name)) => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.root.name())?;
        for step in &self.steps {
            match step {
                Step::Name(name) => write!(formatter, ".{}", name.written)?,
                Step::Index(index) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Goes from a value along these steps, by the names that clients send or by those that are
/// written.
pub(crate) fn walk<'a>(mut value: &'a Value, steps: &[Step], sent: bool) -> Operand<'a> {
    for step in steps {
        let next = match (step, value) {
            (Step::Name(name), Value::Object(members)) => match sent {
                true => members.get(&name.sent),
                false => members.get(&name.written),
            },
            (Step::Index(index), Value::Array(items)) => items.get(*index),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return Operand::Null,
        }
    }
    value.into()
}
