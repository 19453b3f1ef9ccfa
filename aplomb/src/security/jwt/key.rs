//! [`Key`]: what tokens are signed and verified with.

use std::fmt;
use std::sync::Once;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::{rust_crypto, sign, verify};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::Serialize;

use super::algorithm::Family;
use super::{Algorithm, KeyError};

/// The fewest bytes in the modulus of an RSA key: RFC 7518, section 3.3.
const RSA_BYTES: usize = 256;

/// What tokens are signed and verified with: a key and the one algorithm it is for.
///
/// A token that names another algorithm is refused, so that nobody can pass a public key off as a
/// secret (RFC 8725, section 2.1).
///
/// ```
/// use aplomb::security::jwt::{Algorithm, Key, KeyError};
///
/// let error = Key::hs256("too short").unwrap_err();
/// assert_eq!(error, KeyError::TooShort { algorithm: Algorithm::HS256, needed: 32 });
/// ```
#[derive(Clone)]
pub struct Key {
    algorithm: Algorithm,
    signing: Option<EncodingKey>,
    verifying: DecodingKey,
}

impl Key {
    /// A secret for HS256: at least 32 bytes.
    ///
    /// # Errors
    /// [`KeyError::TooShort`].
    pub fn hs256(secret: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::secret(Algorithm::HS256, secret)
    }

    /// A secret for one of the HS algorithms: at least as many bytes as their hash has.
    ///
    /// # Errors
    /// [`KeyError::TooShort`], or [`KeyError::Unfit`] for another algorithm.
    pub fn secret(algorithm: Algorithm, secret: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        install_provider();
        let secret = secret.as_ref();
        let Family::Secret(needed) = algorithm.family() else {
            return Err(KeyError::Unfit(algorithm));
        };
        if secret.len() < needed {
            return Err(KeyError::TooShort { algorithm, needed });
        }
        Ok(Self {
            algorithm,
            signing: Some(EncodingKey::from_secret(secret)),
            verifying: DecodingKey::from_secret(secret),
        })
    }

    /// A secret for HS256 that nobody knows: tokens end with the program.
    pub fn random() -> Self {
        let secret: Vec<u8> = (0..4)
            .flat_map(|_| uuid::Uuid::new_v4().into_bytes())
            .collect();
        match Self::hs256(secret) {
            Ok(key) => key,
            Err(_) => unreachable!("64 bytes are more than 32"),
        }
    }

    /// A private key as PEM (PKCS #8), which signs and verifies, or a public one, which verifies.
    ///
    /// # Errors
    /// [`KeyError::Unfit`] when it is no key of this algorithm's, is of another curve, or RSA with
    /// less than 2048 bits.
    pub fn pem(algorithm: Algorithm, pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        install_provider();
        let pem = pem.as_ref();
        let unfit = |_| KeyError::Unfit(algorithm);
        let private = pem
            .windows(PRIVATE.len())
            .any(|window| window == PRIVATE.as_bytes());
        let (signing, verifying) = if private {
            let signing = match algorithm.family() {
                Family::Secret(_) => return Err(KeyError::Unfit(algorithm)),
                Family::Rsa => EncodingKey::from_rsa_pem(pem),
                Family::Ec => EncodingKey::from_ec_pem(pem),
                Family::Ed => EncodingKey::from_ed_pem(pem),
            };
            let signing = signing.map_err(unfit)?;
            let public = Jwk::from_encoding_key(&signing, algorithm.inner()).map_err(unfit)?;
            let verifying = DecodingKey::from_jwk(&public).map_err(unfit)?;
            (Some(signing), verifying)
        } else {
            let verifying = match algorithm.family() {
                Family::Secret(_) => return Err(KeyError::Unfit(algorithm)),
                Family::Rsa => DecodingKey::from_rsa_pem(pem),
                Family::Ec => DecodingKey::from_ec_pem(pem),
                Family::Ed => DecodingKey::from_ed_pem(pem),
            };
            (None, verifying.map_err(unfit)?)
        };
        let key = Self {
            algorithm,
            signing,
            verifying,
        };
        key.probe().map_err(unfit)?;
        if key.is_short_rsa().map_err(unfit)? {
            return Err(KeyError::Unfit(algorithm));
        }
        Ok(key)
    }

    /// The one algorithm the key is for.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// A token with these claims, such as [`Claims`](super::Claims).
    ///
    /// # Errors
    /// When the claims have no `exp` or are no JSON object, or the key is public.
    pub fn issue<T: Serialize>(&self, claims: &T) -> Result<String, KeyError> {
        let Some(signing) = &self.signing else {
            return Err(KeyError::Public);
        };
        let unsigned = |error: &dyn fmt::Display| KeyError::Unsigned(error.to_string());
        let claims = serde_json::to_value(claims).map_err(|error| unsigned(&error))?;
        let ends = claims
            .get("exp")
            .is_some_and(|exp| exp.is_u64() || exp.is_i64());
        if !ends {
            return Err(KeyError::NoExpiry);
        }
        let header = format!(r#"{{"alg":"{}","typ":"JWT"}}"#, self.algorithm.name());
        let header = URL_SAFE_NO_PAD.encode(header);
        let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
        let message = format!("{header}.{payload}");
        let signature = sign(message.as_bytes(), signing, self.algorithm.inner())
            .map_err(|error| unsigned(&error))?;
        Ok(format!("{message}.{signature}"))
    }

    /// Whether the key signed this.
    pub(super) fn signed(&self, message: &str, signature: &str) -> bool {
        let algorithm = self.algorithm.inner();
        verify(signature, message.as_bytes(), &self.verifying, algorithm).unwrap_or(false)
    }

    /// Fails when the key cannot be used with its algorithm, which shows at the first use only.
    fn probe(&self) -> jsonwebtoken::errors::Result<()> {
        let algorithm = self.algorithm.inner();
        verify("", b"", &self.verifying, algorithm)?;
        if let Some(signing) = &self.signing {
            sign(b"", signing, algorithm)?;
        }
        Ok(())
    }

    fn is_short_rsa(&self) -> jsonwebtoken::errors::Result<bool> {
        if self.algorithm.family() != Family::Rsa {
            return Ok(false);
        }
        let public = Jwk::from_decoding_key(&self.verifying, None)?;
        let AlgorithmParameters::RSA(parameters) = public.algorithm else {
            return Ok(true);
        };
        let modulus = URL_SAFE_NO_PAD.decode(parameters.n).unwrap_or_default();
        let leading = modulus.iter().take_while(|byte| **byte == 0).count();
        Ok(modulus.len() - leading < RSA_BYTES)
    }
}

/// What the PEM of private keys says of them.
const PRIVATE: &str = "PRIVATE KEY-----";

/// The algorithm only: keys do not belong in a log.
impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Key")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// Chooses the cryptography, without which the library would panic where another crate turns on
/// a second one; a choice made earlier stands.
fn install_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rust_crypto::DEFAULT_PROVIDER.install_default();
    });
}
