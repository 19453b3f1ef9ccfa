//! [`Shed`]: why a request was refused because of overload.

/// Why a request was refused because of overload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Shed {
    /// Whoever refused it did not say.
    #[default]
    Other,
    /// As many requests are being answered as may be.
    Limit,
    /// It would not have got its turn in time.
    Queue,
    /// It waited for its turn, which came too late.
    Late,
    /// It would not have got a thread of the isolated lane in time.
    Isolated,
}

impl Shed {
    pub(crate) const ALL: [Self; 5] = [
        Self::Other,
        Self::Limit,
        Self::Queue,
        Self::Late,
        Self::Isolated,
    ];

    /// The reason as one word, for metrics.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Limit => "limit",
            Self::Queue => "queue",
            Self::Late => "late",
            Self::Isolated => "isolated",
        }
    }
}
