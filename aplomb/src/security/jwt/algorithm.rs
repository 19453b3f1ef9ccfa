//! [`Algorithm`]: how tokens are signed.

use jsonwebtoken::Algorithm as Jsonwebtoken;

/// How tokens are signed (RFC 7518, section 3, and RFC 8037). There is no `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256.
    HS256,
    /// HMAC with SHA-384.
    HS384,
    /// HMAC with SHA-512.
    HS512,
    /// RSA (PKCS #1, version 1.5) with SHA-256.
    RS256,
    /// RSA (PKCS #1, version 1.5) with SHA-384.
    RS384,
    /// RSA (PKCS #1, version 1.5) with SHA-512.
    RS512,
    /// RSA (PSS) with SHA-256.
    PS256,
    /// RSA (PSS) with SHA-384.
    PS384,
    /// RSA (PSS) with SHA-512.
    PS512,
    /// ECDSA on the curve P-256 with SHA-256.
    ES256,
    /// ECDSA on the curve P-384 with SHA-384.
    ES384,
    /// Ed25519.
    EdDSA,
}

/// What keys an algorithm takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// A secret of at least so many bytes.
    Secret(usize),
    Rsa,
    Ec,
    Ed,
}

impl Algorithm {
    /// The name in the header of a token.
    pub fn name(self) -> &'static str {
        match self {
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::EdDSA => "EdDSA",
        }
    }

    pub(super) fn family(self) -> Family {
        match self {
            // RFC 7518, section 3.2: as long as what the hash gives.
            Self::HS256 => Family::Secret(32),
            Self::HS384 => Family::Secret(48),
            Self::HS512 => Family::Secret(64),
            Self::RS256 | Self::RS384 | Self::RS512 | Self::PS256 | Self::PS384 | Self::PS512 => {
                Family::Rsa
            }
            Self::ES256 | Self::ES384 => Family::Ec,
            Self::EdDSA => Family::Ed,
        }
    }

    pub(super) fn inner(self) -> Jsonwebtoken {
        match self {
            Self::HS256 => Jsonwebtoken::HS256,
            Self::HS384 => Jsonwebtoken::HS384,
            Self::HS512 => Jsonwebtoken::HS512,
            Self::RS256 => Jsonwebtoken::RS256,
            Self::RS384 => Jsonwebtoken::RS384,
            Self::RS512 => Jsonwebtoken::RS512,
            Self::PS256 => Jsonwebtoken::PS256,
            Self::PS384 => Jsonwebtoken::PS384,
            Self::PS512 => Jsonwebtoken::PS512,
            Self::ES256 => Jsonwebtoken::ES256,
            Self::ES384 => Jsonwebtoken::ES384,
            Self::EdDSA => Jsonwebtoken::EdDSA,
        }
    }
}
