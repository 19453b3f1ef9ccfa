//! [`Refusal`]: why a probe cannot be set.

use super::expression::Mistake;

/// Why a probe was refused.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) message: String,
    /// What is wrong with its expressions.
    pub(crate) mistakes: Vec<Wrong>,
}

impl Refusal {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            mistakes: Vec::new(),
        }
    }

    /// A part of what was sent is wrong by itself, wherever it was meant for.
    pub(super) fn of_part(part: &str, mistake: Mistake) -> Self {
        let message = format!("{part}: {mistake}");
        let wrong = Wrong {
            part: part.to_owned(),
            place: String::new(),
            mistake,
        };
        Self {
            mistakes: vec![wrong],
            ..Self::new(400, message)
        }
    }
}

/// What is wrong with an expression of a probe.
#[derive(Debug)]
pub(crate) struct Wrong {
    /// Which expression: the name of its field.
    pub(crate) part: String,
    /// The route and point that it does not fit.
    pub(crate) place: String,
    pub(crate) mistake: Mistake,
}
