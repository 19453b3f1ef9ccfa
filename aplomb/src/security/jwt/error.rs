//! What is wrong with a token or a key.

use std::error::Error as StdError;
use std::fmt;

use super::Algorithm;
use crate::error::{Error, HttpException};

/// Why a token is not accepted.
///
/// `?` in a handler or dependency answers `401 Could not validate credentials` with the challenge
/// `Bearer`; the client is not told more.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JwtError {
    /// It is longer than any token in use.
    TooLong,
    /// It is not three parts of base64, the first two of them JSON objects whose names differ.
    Malformed(&'static str),
    /// It names another algorithm than the key's.
    Algorithm,
    /// It demands an extension nobody here knows (RFC 7515, section 4.1.11).
    Critical,
    /// It was not signed with the key.
    Signature,
    /// It is no longer good.
    Expired,
    /// It is not good yet.
    NotYetValid,
    /// A claim is missing or of the wrong type.
    Claim(&'static str),
    /// Somebody else issued it.
    Issuer,
    /// It is for somebody else.
    Audience,
    /// Its claims do not fit the type they are read as.
    Claims(String),
}

impl fmt::Display for JwtError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => formatter.write_str("the token is too long"),
            Self::Malformed(what) => write!(formatter, "the token is malformed: {what}"),
            Self::Algorithm => formatter.write_str("the token names another algorithm"),
            Self::Critical => formatter.write_str("the token demands an unknown extension"),
            Self::Signature => formatter.write_str("the signature is not of this key"),
            Self::Expired => formatter.write_str("the token has expired"),
            Self::NotYetValid => formatter.write_str("the token is not valid yet"),
            Self::Claim(name) => write!(formatter, "claim `{name}` is missing or malformed"),
            Self::Issuer => formatter.write_str("the token is of another issuer"),
            Self::Audience => formatter.write_str("the token is for another audience"),
            Self::Claims(reason) => write!(formatter, "the claims do not fit: {reason}"),
        }
    }
}

impl From<JwtError> for HttpException {
    fn from(_: JwtError) -> Self {
        Self::unauthorized("Could not validate credentials").header("WWW-Authenticate", "Bearer")
    }
}

// Not a `std::error::Error`: those are answered with 500.
impl From<JwtError> for Error {
    fn from(error: JwtError) -> Self {
        tracing::debug!(%error, "a token is refused");
        HttpException::from(error).into()
    }
}

/// Why a key cannot be used, or a token not be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The secret has fewer bytes than the algorithm needs.
    TooShort {
        /// What the secret is for.
        algorithm: Algorithm,
        /// How many bytes it needs at least.
        needed: usize,
    },
    /// This is no key of the algorithm's.
    Unfit(Algorithm),
    /// The key is public: it verifies only.
    Public,
    /// The claims are not an object with `exp`, a whole number of seconds since 1970.
    NoExpiry,
    /// The claims cannot be written as JSON, or not be signed.
    Unsigned(String),
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { algorithm, needed } => write!(
                formatter,
                "a secret for {} needs at least {needed} bytes (RFC 7518, section 3.2)",
                algorithm.name()
            ),
            Self::Unfit(algorithm) => write!(
                formatter,
                "this is not a key for {}: keys are PEM, private ones PKCS #8, RSA from 2048 bits",
                algorithm.name()
            ),
            Self::Public => formatter.write_str("a public key verifies tokens and issues none"),
            Self::NoExpiry => formatter
                .write_str("a token needs a claim `exp`, a whole number of seconds since 1970"),
            Self::Unsigned(reason) => write!(formatter, "the token cannot be signed: {reason}"),
        }
    }
}

impl StdError for KeyError {}
