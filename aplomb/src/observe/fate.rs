//! [`Fate`]: what became of a request.

use std::fmt;

/// What became of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Fate {
    /// It was answered by whoever is there to answer it, or is going to be.
    #[default]
    Answered,
    /// It was refused because the service had enough to do.
    Shed,
    /// Its deadline passed before its answer began.
    TimedOut,
    /// Its client left before the answer was there.
    Abandoned,
    /// Its answer had begun, and broke off: what made it failed.
    Broken,
}

impl Fate {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Answered,
        Self::Shed,
        Self::TimedOut,
        Self::Abandoned,
        Self::Broken,
    ];

    /// The fate in words, for logs and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Shed => "shed",
            Self::TimedOut => "timed out",
            Self::Abandoned => "abandoned",
            Self::Broken => "broken",
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
