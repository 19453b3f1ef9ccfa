//! [`Verifier`]: which tokens are good.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::claims::now;
use super::token::Token;
use super::{JwtError, Key};

/// Which tokens are good: those of a key, and more by choice.
///
/// `exp` must be there and in the future, `nbf` may be there and in the past. A token that says whom
/// it is for is refused unless the verifier has that [`audience`](Self::audience).
///
/// ```
/// use std::time::Duration;
///
/// use aplomb::security::jwt::{Claims, JwtError, Key, Verifier};
///
/// let key = Key::random();
/// let verifier = Verifier::new(key.clone()).issuer("shop").leeway(Duration::from_secs(5));
///
/// let mut claims = Claims::new("anna", Duration::from_secs(900));
/// let refused = verifier.verify::<Claims>(&key.issue(&claims).unwrap());
/// assert_eq!(refused, Err(JwtError::Claim("iss")));
///
/// claims.iss = Some("shop".to_owned());
/// let accepted: Claims = verifier.verify(&key.issue(&claims).unwrap()).unwrap();
/// assert_eq!(accepted.sub, "anna");
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    key: Key,
    issuers: Vec<String>,
    audiences: Vec<String>,
    leeway: Duration,
}

impl Verifier {
    /// Tokens of this key, and of its algorithm only.
    pub fn new(key: Key) -> Self {
        Self {
            key,
            issuers: Vec::new(),
            audiences: Vec::new(),
            leeway: Duration::ZERO,
        }
    }

    /// Demands that `iss` is this; of several calls, one of them.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuers.push(issuer.into());
        self
    }

    /// Demands that `aud` is or holds this; of several calls, one of them.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// How far the clocks of others may be off; not at all unless it is said.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// The key.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The claims of a token, read as [`Claims`](super::Claims) or a type of your own.
    ///
    /// # Errors
    /// Why it is not accepted; `?` answers 401.
    pub fn verify<T: DeserializeOwned>(&self, token: &str) -> Result<T, JwtError> {
        let token = Token::parse(token)?;
        let algorithm = self.key.algorithm().name();
        if token.header.get("alg").and_then(Value::as_str) != Some(algorithm) {
            return Err(JwtError::Algorithm);
        }
        if token.header.contains_key("crit") {
            return Err(JwtError::Critical);
        }
        if !self.key.signed(token.message, token.signature) {
            return Err(JwtError::Signature);
        }
        let claims = token.claims()?;
        self.check_times(&claims)?;
        if !self.issuers.is_empty() {
            let issuer = claims.get("iss").and_then(Value::as_str);
            let issuer = issuer.ok_or(JwtError::Claim("iss"))?;
            if !self.issuers.iter().any(|known| known == issuer) {
                return Err(JwtError::Issuer);
            }
        }
        self.check_audience(&claims)?;
        serde_json::from_value(Value::Object(claims))
            .map_err(|error| JwtError::Claims(error.to_string()))
    }

    fn check_times(&self, claims: &Map<String, Value>) -> Result<(), JwtError> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "seconds since 1970 are exact for a hundred million years"
        )]
        let now = now() as f64;
        let leeway = self.leeway.as_secs_f64();
        let ends = seconds(claims, "exp")?.ok_or(JwtError::Claim("exp"))?;
        if ends <= now - leeway {
            return Err(JwtError::Expired);
        }
        match seconds(claims, "nbf")? {
            Some(begins) if begins > now + leeway => Err(JwtError::NotYetValid),
            _ => Ok(()),
        }
    }

    fn check_audience(&self, claims: &Map<String, Value>) -> Result<(), JwtError> {
        let named: Vec<&str> = match claims.get("aud") {
            None if self.audiences.is_empty() => return Ok(()),
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => {
                let texts = several.iter().map(Value::as_str).collect();
                Option::ok_or(texts, JwtError::Claim("aud"))?
            }
            None | Some(_) => return Err(JwtError::Claim("aud")),
        };
        let ours = |name: &&str| self.audiences.iter().any(|known| known == name);
        match named.iter().any(ours) {
            true => Ok(()),
            false => Err(JwtError::Audience),
        }
    }
}

/// A claim that is a time: a number of seconds since 1970.
fn seconds(claims: &Map<String, Value>, name: &'static str) -> Result<Option<f64>, JwtError> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => match value.as_f64() {
            Some(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(JwtError::Claim(name)),
        },
    }
}
