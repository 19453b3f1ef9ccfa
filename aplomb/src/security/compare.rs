//! [`compare_digest`]: comparing secrets.

use subtle::ConstantTimeEq as _;

/// Whether two secrets are the same; the time it takes tells their lengths only: Python's
/// `secrets.compare_digest`.
///
/// ```
/// use aplomb::security::compare_digest;
///
/// assert!(compare_digest("swordfish", "swordfish"));
/// assert!(!compare_digest("swordfish", "Swordfish"));
/// ```
pub fn compare_digest(a: impl AsRef<[u8]>, b: impl AsRef<[u8]>) -> bool {
    a.as_ref().ct_eq(b.as_ref()).into()
}
