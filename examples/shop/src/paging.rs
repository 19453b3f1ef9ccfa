//! Pages of a long list.

use aplomb::prelude::*;

/// Which part of a list is wanted.
#[derive(Model, Clone, Copy, Debug)]
pub struct Paging {
    /// How many to skip.
    #[field(default = 0, ge = 0, le = 9_007_199_254_740_991)]
    pub offset: i64,
    /// How many to return at most.
    #[field(default = 20, ge = 1, le = 100)]
    pub limit: i64,
}

/// A part of a list.
#[derive(Model, Debug)]
pub struct Page<T> {
    /// How many there are in all.
    pub total: i64,
    /// This part of them.
    pub items: Vec<T>,
}
