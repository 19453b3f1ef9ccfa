//! Aplomb.
