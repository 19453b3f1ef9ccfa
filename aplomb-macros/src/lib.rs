//! The attributes and the derive of aplomb.

mod attribute;
mod constraint;
mod doc;
mod errors;
