//! The models that hold other models.

mod array;
mod list;
mod map;
mod optional;
mod pointer;
mod set;
mod tuple;

pub use set::FrozenSet;
