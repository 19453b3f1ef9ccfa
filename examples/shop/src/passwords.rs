//! Password hashes: argon2id, made and checked away from the threads that serve.

use aplomb::{HttpException, Result};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};

/// The hash of a password, with a salt of its own.
///
/// # Errors
/// When the system has no randomness to give.
pub async fn hash(password: String) -> Result<String> {
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    });
    hashed
        .await?
        .map_err(|error| HttpException::new(500, error.to_string()).into())
}

/// Whether a password is the one a hash was made from.
///
/// # Errors
/// When the work was cut off.
pub async fn verify(password: String, hash: String) -> Result<bool> {
    let verified = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        })
    });
    Ok(verified.await?)
}
