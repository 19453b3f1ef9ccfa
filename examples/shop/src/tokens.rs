//! Access tokens: what a user shows instead of a password, for a while.

use std::time::Duration;

use aplomb::Result;
use aplomb::security::jwt::{Claims, Key, Verifier};

/// Issues and verifies access tokens.
#[derive(Debug)]
pub struct Tokens {
    verifier: Verifier,
    lifetime: Duration,
}

impl Tokens {
    /// Tokens signed with this key and good for so many minutes.
    pub fn new(key: Key, minutes: u32) -> Self {
        Self {
            verifier: Verifier::new(key).issuer(ISSUER),
            lifetime: Duration::from_secs(u64::from(minutes) * 60),
        }
    }

    /// A token for a user.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn issue(&self, user: &str) -> Result<String> {
        let mut claims = Claims::new(user, self.lifetime);
        claims.iss = Some(ISSUER.to_owned());
        Ok(self.verifier.key().issue(&claims)?)
    }

    /// The user a token was made for.
    ///
    /// # Errors
    /// `401` when the token is not ours, or too old.
    pub fn user(&self, token: &str) -> Result<String> {
        let claims: Claims = self.verifier.verify(token)?;
        Ok(claims.sub)
    }
}

/// Whose tokens they are.
const ISSUER: &str = "shop";
