//! [`Kinds`]: of which kinds a value may be.

use std::fmt;

/// Of which kinds a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const BOOL: Self = Self(1);
    pub(crate) const INTEGER: Self = Self(2);
    pub(crate) const NUMBER: Self = Self(2 | 4);
    pub(crate) const TEXT: Self = Self(8);
    pub(crate) const LIST: Self = Self(16);
    pub(crate) const OBJECT: Self = Self(32);
    /// Nothing, or missing.
    pub(crate) const NULL: Self = Self(64);
    pub(crate) const ANY: Self = Self(127);

    /// The kinds and those of another.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a value can be of both.
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The kinds but for that of nothing.
    pub(crate) const fn present(self) -> Self {
        Self(self.0 & !Self::NULL.0)
    }

    /// Whether two values of such kinds can be equal or in an order.
    pub(crate) const fn compares_with(self, other: Self) -> bool {
        const SCALARS: Kinds = Kinds(1 | 8);
        let numbers = self.has(Self::NUMBER) && other.has(Self::NUMBER);
        numbers || self.0 & other.0 & SCALARS.0 != 0
    }

    /// The kinds as a list of words.
    pub(crate) fn words(self) -> Vec<&'static str> {
        if self.present() == Self::ANY.present() {
            return vec!["anything"];
        }
        let number = match self.0 & Self::NUMBER.0 {
            2 => Some("integer"),
            0 => None,
            _ => Some("number"),
        };
        let others = [
            (Self::BOOL, "boolean"),
            (Self::TEXT, "text"),
            (Self::LIST, "list"),
            (Self::OBJECT, "object"),
        ];
        let others = others.into_iter().filter(|(kind, _)| self.has(*kind));
        number
            .into_iter()
            .chain(others.map(|(_, word)| word))
            .collect()
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.words()[..] {
            [] => formatter.write_str("null"),
            words => formatter.write_str(&words.join(" or ")),
        }
    }
}
