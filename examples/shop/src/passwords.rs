//! Password hashes: argon2id, made and checked away from the threads that serve.

use aplomb::{HttpException, Result};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use tokio::sync::Semaphore;

/// A hash takes 19 MiB while it is made: more than a few at once wait their turn.
static TURNS: Semaphore = Semaphore::const_new(4);

/// The hash of a password, with a salt of its own.
///
/// # Errors
/// When the system has no randomness to give.
pub async fn hash(password: String) -> Result<String> {
    let turn = TURNS.acquire().await?;
    let hashed = tokio::task::spawn_blocking(move || {
        let _turn = turn;
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
    let turn = TURNS.acquire().await?;
    let verified = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        })
    });
    Ok(verified.await?)
}
