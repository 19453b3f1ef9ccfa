//! A token taken apart.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::JwtError;

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 16 * 1024;

/// A token taken apart; nothing in it is to be believed before the signature is checked.
pub(super) struct Token<'a> {
    pub(super) header: Map<String, Value>,
    /// What is signed.
    pub(super) message: &'a str,
    pub(super) signature: &'a str,
    payload: &'a str,
}

impl<'a> Token<'a> {
    pub(super) fn parse(token: &'a str) -> Result<Self, JwtError> {
        if token.len() > LONGEST {
            return Err(JwtError::TooLong);
        }
        let parts = token
            .rsplit_once('.')
            .and_then(|(message, signature)| Some((message, signature, message.split_once('.')?)));
        let Some((message, signature, (header, payload))) = parts else {
            return Err(JwtError::Malformed("it has fewer than three parts"));
        };
        if payload.contains('.') {
            return Err(JwtError::Malformed("it has more than three parts"));
        }
        Ok(Self {
            header: object(header, "the header is not a JSON object")?,
            message,
            signature,
            payload,
        })
    }

    /// The claims; to be read once the signature is known to be good.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, JwtError> {
        object(self.payload, "the claims are not a JSON object")
    }
}

fn object(part: &str, otherwise: &'static str) -> Result<Map<String, Value>, JwtError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| JwtError::Malformed("a part is not base64url"))?;
    match serde_json::from_slice(&bytes) {
        Ok(Distinct(object)) => Ok(object),
        Err(_) => Err(JwtError::Malformed(otherwise)),
    }
}

/// An object whose names differ: of two claims with one name, readers take different ones (RFC
/// 7519, section 4).
struct Distinct(Map<String, Value>);

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DistinctVisitor)
    }
}

struct DistinctVisitor;

impl<'de> Visitor<'de> for DistinctVisitor {
    type Value = Distinct;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Distinct, A::Error> {
        let mut object = Map::new();
        while let Some((name, value)) = access.next_entry()? {
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a name is there twice"));
            }
        }
        Ok(Distinct(object))
    }
}
