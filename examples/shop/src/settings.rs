//! What the environment says.

use aplomb::model::SecretString;
use aplomb::security::jwt::Key;
use aplomb::settings::Environment;
use aplomb::{Model, Result};

/// How this shop runs.
#[derive(Model, Clone, Debug)]
pub struct Settings {
    /// Where the database is: `sqlite:…` or `postgres://…`.
    #[field(default = "sqlite:shop.db")]
    pub database_url: String,
    /// What tokens are signed with, 32 bytes or more; without it tokens end with the program.
    pub secret_key: Option<SecretString>,
    /// How long a token is good for; a year at most.
    #[field(default = 30, ge = 1, le = 525_600)]
    pub token_minutes: u32,
}

impl Settings {
    /// `DATABASE_URL` (a SQLite file in the working directory), `SECRET_KEY` (a new one at each
    /// start) and `TOKEN_MINUTES` (30), from the environment or a file `.env`.
    ///
    /// # Errors
    /// When one of them is not what it should be.
    pub fn from_environment() -> Result<Self> {
        Ok(Environment::new().file(".env").load()?)
    }

    /// What tokens are signed with.
    ///
    /// # Errors
    /// When the secret is too short.
    pub fn key(&self) -> Result<Key> {
        Ok(match &self.secret_key {
            Some(secret) => Key::hs256(secret.expose())?,
            None => Key::random(),
        })
    }
}
