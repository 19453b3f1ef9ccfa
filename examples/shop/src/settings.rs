//! What the environment says.

use std::env;

use aplomb::Result;

/// How this shop runs.
#[derive(Clone)]
pub struct Settings {
    /// Where the database is: `sqlite:…` or `postgres://…`.
    pub database_url: String,
    /// What tokens are signed with.
    pub secret_key: String,
    /// How long a token is good for.
    pub token_minutes: i64,
}

impl Settings {
    /// `DATABASE_URL` (a SQLite file beside the working directory), `SECRET_KEY` (a new one at
    /// each start) and `TOKEN_MINUTES` (30, a year at most).
    ///
    /// # Errors
    /// When `TOKEN_MINUTES` is not a number.
    pub fn from_environment() -> Result<Self> {
        let token_minutes = match env::var("TOKEN_MINUTES") {
            Ok(minutes) => minutes.parse::<i64>()?.clamp(1, 525_600),
            Err(_) => 30,
        };
        Ok(Self {
            database_url: env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite:shop.db".to_owned()),
            secret_key: env::var("SECRET_KEY").unwrap_or_else(|_| crate::tokens::random_key()),
            token_minutes,
        })
    }
}
