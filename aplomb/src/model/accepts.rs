//! Which limits make sense for a type, checked while the program is compiled.

use super::{Constraints, Limit};

/// What the bounds of a type (`gt`, `ge`, `lt`, `le`, `multiple_of`) may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// The type has no order to bound.
    None,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Numbers, also as text such as `"0.10"`.
    Decimal,
    /// Dates, times and durations as text.
    Text,
}

/// Which limits a type accepts.
///
/// The macros check every table of limits against the [`ACCEPTS`](super::Model::ACCEPTS) of its
/// type, so that a limit which could never be kept is a compile error.
#[derive(Clone, Copy, Debug)]
pub struct Accepts {
    /// The kind of its bounds.
    pub bounds: Bounds,
    /// Whether it can be a multiple of something.
    pub multiple_of: bool,
    /// Whether it has a length.
    pub length: bool,
    /// Whether it is text a pattern can be looked for in.
    pub pattern: bool,
    /// Whether it is a decimal whose digits can be counted.
    pub digits: bool,
    /// Whether it can be infinite or not a number.
    pub finite: bool,
    /// Whether it holds items that can be told apart.
    pub unique: bool,
    /// What its items, or a map's values, accept.
    pub items: Option<&'static Self>,
    /// What a map's keys accept.
    pub keys: Option<&'static Self>,
}

impl Accepts {
    /// No limit at all.
    pub const NONE: Self = Self {
        bounds: Bounds::None,
        multiple_of: false,
        length: false,
        pattern: false,
        digits: false,
        finite: false,
        unique: false,
        items: None,
        keys: None,
    };

    /// Refuses limits that make no sense for the type.
    ///
    /// # Panics
    /// With a sentence that names the limit; the macros call this in a constant, where a panic is
    /// a compile error.
    #[track_caller]
    pub const fn assert(&self, constraints: &Constraints) {
        self.assert_bound(constraints.gt);
        self.assert_bound(constraints.ge);
        self.assert_bound(constraints.lt);
        self.assert_bound(constraints.le);
        if constraints.multiple_of.is_some() {
            assert!(
                self.multiple_of,
                "`multiple_of` limits numbers; this type is not a number"
            );
            self.assert_bound(constraints.multiple_of);
        }
        assert!(
            self.length || (constraints.min_length.is_none() && constraints.max_length.is_none()),
            "`min_length` and `max_length` limit text, bytes, lists, sets and maps; this type has \
             no length"
        );
        if let (Some(least), Some(most)) = (constraints.min_length, constraints.max_length) {
            assert!(
                least <= most,
                "`min_length` is above `max_length`: no value can have such a length"
            );
        }
        assert!(
            self.pattern || constraints.pattern.is_none(),
            "`pattern` limits text; this type is not text"
        );
        assert!(
            self.digits
                || (constraints.max_digits.is_none() && constraints.decimal_places.is_none()),
            "`max_digits` and `decimal_places` limit decimals; this type is not a decimal"
        );
        assert!(
            self.finite || !constraints.finite,
            "`finite` limits floats; this type is never infinite"
        );
        assert!(
            self.unique || !constraints.unique,
            "`unique` limits lists; this type is not a list"
        );
        assert!(
            !constraints.fail_fast || (self.items.is_some() && self.keys.is_none()),
            "`fail_fast` is for lists and sets; this type is neither"
        );
        if let Some(inner) = constraints.items {
            match self.items {
                Some(items) => items.assert(inner),
                None => {
                    panic!("limits of items are for lists, sets and maps; this type has no items")
                }
            }
        }
        if let Some(inner) = constraints.keys {
            match self.keys {
                Some(keys) => keys.assert(inner),
                None => panic!("limits of keys are for maps; this type has no keys"),
            }
        }
    }

    #[track_caller]
    const fn assert_bound(&self, limit: Option<Limit>) {
        let Some(limit) = limit else { return };
        match (self.bounds, limit) {
            (Bounds::None, _) => {
                panic!("`gt`, `ge`, `lt` and `le` limit numbers and dates; this type has no order")
            }
            (Bounds::Integer, Limit::Float(_) | Limit::Text(_)) => {
                panic!("a limit of a whole number must be a whole number, such as `3`")
            }
            (Bounds::Number, Limit::Text(_)) => {
                panic!("a limit of a number must be a number, such as `3` or `0.5`")
            }
            (Bounds::Text, Limit::Integer(_) | Limit::Float(_)) => {
                panic!("a limit of a date or time must be text, such as `\"2020-01-01\"`")
            }
            (Bounds::Integer, Limit::Integer(_))
            | (Bounds::Number, Limit::Integer(_) | Limit::Float(_))
            | (Bounds::Text, Limit::Text(_))
            | (Bounds::Decimal, _) => {}
        }
    }
}
