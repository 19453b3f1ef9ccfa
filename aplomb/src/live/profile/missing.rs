//! Where no profile can be taken.

use std::sync::mpsc::Receiver;

use super::{ProfileDefinition, ProfileFormat};
use crate::live::refusal::Refusal;
use crate::live::registry::LiveRoute;

/// Whether a profile can be taken.
///
/// # Errors
/// Why it cannot.
pub(super) fn check() -> Result<(), Refusal> {
    let message = match cfg!(feature = "profile") {
        true => "profiles are taken on Linux with glibc, on x86-64 and ARM64, and not here",
        false => "this service was built without the feature `profile` of aplomb",
    };
    Err(Refusal::new(501, message))
}

/// A profile, of which there is none.
///
/// # Errors
/// Why there is none.
pub(super) fn taken(
    _: &[LiveRoute],
    _: &ProfileDefinition,
    _: ProfileFormat,
    _: &Receiver<()>,
) -> Result<Vec<u8>, Refusal> {
    check().map(|()| Vec::new())
}
