//! [`Claims`]: what a token says.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a token says: the registered claims (RFC 7519, section 4.1), the scopes (RFC 8693, section
/// 4.2), and others.
///
/// A struct of your own that serde reads and writes does as well.
///
/// ```
/// use std::time::Duration;
///
/// use aplomb::security::jwt::Claims;
///
/// let mut claims = Claims::new("anna", Duration::from_secs(900));
/// claims.iss = Some("https://shop.example.com".to_owned());
/// claims.scope = Some("items orders".to_owned());
/// claims.other.insert("plan".to_owned(), "gold".into());
/// assert_eq!(claims.exp, claims.iat.unwrap() + 900);
/// assert!(claims.scopes().any(|scope| scope == "orders"));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Claims {
    /// Whom it is about.
    pub sub: String,
    /// When it ends, in seconds since 1970.
    pub exp: u64,
    /// When it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<u64>,
    /// When it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nbf: Option<u64>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Whom it is for: a text or a list of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<Value>,
    /// Its own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// What it allows, with blanks between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Claims {
    /// About this subject, issued now, and good for so long.
    pub fn new(subject: impl Into<String>, lifetime: Duration) -> Self {
        let now = now();
        Self {
            sub: subject.into(),
            exp: now.saturating_add(lifetime.as_secs()),
            iat: Some(now),
            nbf: None,
            iss: None,
            aud: None,
            jti: None,
            scope: None,
            other: Map::new(),
        }
    }

    /// What it allows.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.as_deref().unwrap_or_default().split_whitespace()
    }
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}
