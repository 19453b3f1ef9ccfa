//! What every scheme is told besides how it works: its name, what it is for, how it refuses.

use super::not_authenticated;
use crate::error::HttpException;
use crate::json::Value;

/// What every scheme is told besides how it works.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) refusal: Option<HttpException>,
}

impl About {
    /// A scheme that goes by the name of its FastAPI class.
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            description: None,
            refusal: None,
        }
    }

    /// The description as the document has it.
    pub(super) fn shown(&self) -> Option<Value> {
        self.description.clone().map(Into::into)
    }

    /// The answer to a request without credentials.
    pub(super) fn challenge(&self, scheme: &str) -> HttpException {
        match &self.refusal {
            Some(refusal) => refusal.clone(),
            None => not_authenticated(scheme),
        }
    }
}

/// Gives a scheme with a field `about` the methods that all have.
macro_rules! tell_about {
    ($scheme:ty) => {
        impl $scheme {
            /// Names the scheme in the document, instead of after its FastAPI class.
            #[must_use]
            pub fn scheme_name(mut self, name: impl Into<String>) -> Self {
                self.about.name = name.into();
                self
            }

            /// Says in the document what the scheme is for.
            #[must_use]
            pub fn description(mut self, description: impl Into<String>) -> Self {
                self.about.description = Some(description.into());
                self
            }

            /// Answers requests without credentials by this, instead of by `401 Not authenticated`
            /// with a challenge: FastAPI's `make_not_authenticated_error`.
            #[must_use]
            pub fn not_authenticated(mut self, answer: crate::error::HttpException) -> Self {
                self.about.refusal = Some(answer);
                self
            }

            /// Gives nothing, instead of refusing, when there are no credentials: FastAPI's
            /// `auto_error=False`.
            pub fn optional(self) -> crate::security::Optional<Self> {
                crate::security::Optional::new(self)
            }
        }
    };
}

pub(super) use tell_about;
