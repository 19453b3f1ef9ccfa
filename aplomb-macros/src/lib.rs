//! The attributes and the derive of aplomb.
