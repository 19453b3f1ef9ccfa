//! Access tokens: JWT with HS256, good for a while.

use std::fmt;

use aplomb::{HttpException, Result};
use chrono::{TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    sub: String,
    exp: i64,
}

/// What tokens are signed and checked with.
pub struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    lifetime: TimeDelta,
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Keys")
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

impl Keys {
    /// Keys made of a secret; tokens are good for so many minutes.
    pub fn new(secret: &str, minutes: i64) -> Self {
        // The library panics at the first token if no provider was chosen; a second choice is
        // refused, which is as good.
        let _ = jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER.install_default();
        Self {
            encoding: EncodingKey::from_secret(secret.as_bytes()),
            decoding: DecodingKey::from_secret(secret.as_bytes()),
            lifetime: TimeDelta::minutes(minutes),
        }
    }

    /// A token for a user.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn issue(&self, user: &str) -> Result<String> {
        let claims = Claims {
            sub: user.to_owned(),
            exp: (Utc::now() + self.lifetime).timestamp(),
        };
        Ok(encode(
            &Header::new(Algorithm::HS256),
            &claims,
            &self.encoding,
        )?)
    }

    /// The user a token was made for.
    ///
    /// # Errors
    /// `401` when the token is not ours, or too old.
    pub fn user(&self, token: &str) -> Result<String> {
        match decode::<Claims>(token, &self.decoding, &Validation::new(Algorithm::HS256)) {
            Ok(token) => Ok(token.claims.sub),
            Err(_) => Err(
                HttpException::unauthorized("Could not validate credentials")
                    .header("www-authenticate", "Bearer")
                    .into(),
            ),
        }
    }
}

/// A key for one run of the shop.
pub fn random_key() -> String {
    use argon2::password_hash::phc::Salt;
    format!("{}{}", Salt::generate(), Salt::generate())
}
