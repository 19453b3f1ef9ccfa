//! JSON Web Tokens: which are accepted, and why the others are not.

#![cfg(feature = "jwt")]

#[path = "security_jwt/refused.rs"]
mod refused;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aplomb::prelude::*;
use aplomb::security::OAuth2PasswordBearer;
use aplomb::security::jwt::{Algorithm, Claims, JwtError, Key, KeyError, Verifier};
use aplomb::testing::TestClient;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use refused::refused;
use sha2::Sha256;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const RSA: &str = include_str!("security_jwt/rsa.pem");
const RSA_PUBLIC: &str = include_str!("security_jwt/rsa_public.pem");
const RSA_SHORT: &str = include_str!("security_jwt/rsa_short.pem");
const P256: &str = include_str!("security_jwt/p256.pem");
const P256_PUBLIC: &str = include_str!("security_jwt/p256_public.pem");
const P384: &str = include_str!("security_jwt/p384.pem");
const ED25519: &str = include_str!("security_jwt/ed25519.pem");
const ED25519_PUBLIC: &str = include_str!("security_jwt/ed25519_public.pem");

const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs()
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A token signed by HS256, whatever its parts are.
fn signed(header: &str, payload: impl AsRef<[u8]>, secret: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(payload));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length does");
    mac.update(message.as_bytes());
    format!("{message}.{}", encode(mac.finalize().into_bytes()))
}

fn good(payload: impl Into<Value>) -> String {
    signed(HS256, payload.into().to_string(), SECRET)
}

fn verifier() -> Verifier {
    Verifier::new(Key::hs256(SECRET).expect("long enough"))
        .issuer("shop")
        .audience("web")
}

#[test]
fn tokens_that_are_not_good_are_refused_for_the_right_reason() {
    let verifier = verifier();
    let all = refused();
    assert!(all.len() >= 40);
    for (name, token, reason) in all {
        assert_eq!(verifier.verify::<Claims>(&token), Err(reason), "{name}");
    }
}

#[security]
fn oauth2() -> OAuth2PasswordBearer {
    OAuth2PasswordBearer::new("token")
}

#[get("/me")]
async fn read_me(token: Depends<oauth2>, verifier: State<Verifier>) -> Result<String> {
    Ok(verifier.verify::<Claims>(&token)?.sub)
}

#[test]
fn clients_are_not_told_the_reason() {
    let app = App::new().state(verifier()).routes(routes![read_me]);
    let client = TestClient::new(app);
    for (name, token, _) in refused() {
        // A header holds neither line breaks nor a megabyte, and blanks around a token are no part
        // of it.
        if token.trim() != token || token.len() > 10_000 {
            continue;
        }
        let answer = client.get("/me").bearer_auth(&token).send();
        assert_eq!(answer.status(), 401, "{name}");
        answer.assert_json(401, json!({"detail": "Could not validate credentials"}));
        answer.assert_header("www-authenticate", "Bearer");
    }
}

#[derive(serde::Deserialize)]
struct Own {
    sub: String,
    plan: Option<Plan>,
}

#[derive(serde::Deserialize)]
struct Plan {
    seats: u32,
}

#[test]
fn good_tokens_are_read() {
    let end = now() + 600;
    let verifier = verifier();
    let plain = good(json!({"sub": "anna", "exp": end, "iss": "shop", "aud": "web"}));
    let read: Claims = verifier.verify(&plain).unwrap();
    assert_eq!((&*read.sub, read.exp), ("anna", end));
    for token in [
        good(
            json!({"sub": "anna", "exp": end, "iss": "shop", "aud": ["app", "web"], "plan": {"seats": 3}}),
        ),
        // Times may have fractions (RFC 7519, section 2).
        good(json!({"sub": "anna", "exp": 4e9, "iss": "shop", "aud": "web", "plan": {"seats": 3}})),
        good(
            json!({"sub": "anna", "exp": end, "nbf": (now()), "iss": "shop", "aud": "web", "plan": {"seats": 3}}),
        ),
        signed(
            r#"{"kid":"7","alg":"HS256"}"#,
            json!({"sub": "anna", "exp": end, "iss": "shop", "aud": "web", "plan": {"seats": 3}})
                .to_string(),
            SECRET,
        ),
    ] {
        let read: Own = verifier.verify(&token).unwrap();
        assert_eq!((&*read.sub, read.plan.unwrap().seats), ("anna", 3));
    }
    let wrong = good(json!({"sub": 7, "exp": end, "iss": "shop", "aud": "web"}));
    let wrong = verifier.verify::<Claims>(&wrong);
    assert!(matches!(wrong, Err(JwtError::Claims(_))), "{wrong:?}");
}

#[test]
fn leeway_forgives_clocks_and_no_more() {
    let key = Key::hs256(SECRET).unwrap();
    let strict = Verifier::new(key);
    let lax = strict.clone().leeway(Duration::from_secs(30));
    let late = good(json!({"sub": "anna", "exp": now() - 5}));
    let early = good(json!({"sub": "anna", "exp": now() + 600, "nbf": now() + 5}));
    for token in [late, early] {
        assert!(strict.verify::<Claims>(&token).is_err());
        assert!(lax.verify::<Claims>(&token).is_ok());
    }
    let older = good(json!({"sub": "anna", "exp": now() - 60}));
    assert_eq!(lax.verify::<Claims>(&older), Err(JwtError::Expired));
}

#[test]
fn an_audience_nobody_asked_for_is_refused() {
    let any = Verifier::new(Key::hs256(SECRET).unwrap());
    let named = good(json!({"sub": "anna", "exp": now() + 600, "aud": "web"}));
    assert_eq!(any.verify::<Claims>(&named), Err(JwtError::Audience));
    let issued = good(json!({"sub": "anna", "exp": now() + 600, "iss": "anybody"}));
    assert!(any.verify::<Claims>(&issued).is_ok());
}

#[test]
fn a_public_key_is_never_a_secret() {
    let rsa = Verifier::new(Key::pem(Algorithm::RS256, RSA_PUBLIC).unwrap());
    let claims = json!({"sub": "root", "exp": now() + 600}).to_string();
    for header in [HS256, r#"{"alg":"RS256"}"#, r#"{"alg":"none"}"#] {
        let forged = signed(header, &claims, RSA_PUBLIC);
        let expected = match header.contains("RS256") {
            true => JwtError::Signature,
            false => JwtError::Algorithm,
        };
        assert_eq!(rsa.verify::<Claims>(&forged), Err(expected), "{header}");
    }
}

#[test]
fn tokens_of_openssl_are_accepted_by_their_own_key_only() {
    let keys = [
        (
            Algorithm::RS256,
            RSA_PUBLIC,
            include_str!("security_jwt/RS256.jwt"),
        ),
        (
            Algorithm::PS256,
            RSA_PUBLIC,
            include_str!("security_jwt/PS256.jwt"),
        ),
        (
            Algorithm::ES256,
            P256_PUBLIC,
            include_str!("security_jwt/ES256.jwt"),
        ),
        (
            Algorithm::EdDSA,
            ED25519_PUBLIC,
            include_str!("security_jwt/EdDSA.jwt"),
        ),
    ];
    for (algorithm, pem, _) in keys {
        let verifier = Verifier::new(Key::pem(algorithm, pem).unwrap());
        for (other, _, token) in keys {
            let read = verifier.verify::<Claims>(token.trim());
            match other == algorithm {
                true => assert_eq!(read.unwrap().sub, "anna", "{algorithm:?}"),
                false => assert_eq!(read, Err(JwtError::Algorithm), "{algorithm:?} {other:?}"),
            }
        }
    }
}

#[test]
fn private_keys_issue_what_public_ones_verify() {
    let pairs = [
        (Algorithm::RS256, RSA, RSA_PUBLIC),
        (Algorithm::ES256, P256, P256_PUBLIC),
        (Algorithm::EdDSA, ED25519, ED25519_PUBLIC),
    ];
    let claims = Claims::new("anna", Duration::from_secs(60));
    for (algorithm, private, public) in pairs {
        let private = Key::pem(algorithm, private).unwrap();
        let public = Key::pem(algorithm, public).unwrap();
        let token = private.issue(&claims).unwrap();
        for key in [private, public.clone()] {
            assert_eq!(Verifier::new(key).verify(&token), Ok(claims.clone()));
        }
        assert_eq!(public.issue(&claims), Err(KeyError::Public));
    }
    let secret = "s".repeat(64);
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        let key = Key::secret(algorithm, &secret).unwrap();
        let token = key.issue(&claims).unwrap();
        assert_eq!(Verifier::new(key).verify(&token), Ok(claims.clone()));
    }
}

#[test]
fn keys_that_do_not_fit_are_refused_at_the_start() {
    for (algorithm, pem) in [
        (Algorithm::RS256, RSA_SHORT),
        (Algorithm::RS256, P256),
        (Algorithm::ES256, P384),
        (Algorithm::ES256, RSA_PUBLIC),
        (Algorithm::ES256, ED25519),
        (Algorithm::EdDSA, P256_PUBLIC),
        (Algorithm::HS256, RSA),
        (
            Algorithm::RS256,
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        ),
        (Algorithm::RS256, "no key"),
        (Algorithm::ES256, ""),
    ] {
        let error = Key::pem(algorithm, pem).unwrap_err();
        assert_eq!(error, KeyError::Unfit(algorithm), "{pem}");
    }
    let short = Key::secret(Algorithm::HS512, SECRET).unwrap_err();
    let needed = 64;
    assert_eq!(
        short,
        KeyError::TooShort {
            algorithm: Algorithm::HS512,
            needed
        }
    );
    let unfit = Key::secret(Algorithm::RS256, "s".repeat(64)).unwrap_err();
    assert_eq!(unfit, KeyError::Unfit(Algorithm::RS256));
}

#[test]
fn no_token_is_issued_that_never_ends() {
    let key = Key::random();
    for claims in [
        json!({"sub": "anna"}),
        json!({"sub": "anna", "exp": "tomorrow"}),
        json!({"sub": "anna", "exp": null}),
        json!(["exp"]),
        json!("exp"),
    ] {
        assert_eq!(key.issue(&claims), Err(KeyError::NoExpiry), "{claims}");
    }
}

#[test]
fn logs_hold_no_keys() {
    let text = format!("{:?}", Verifier::new(Key::hs256(SECRET).unwrap()));
    assert!(text.contains("HS256") && !text.contains(SECRET), "{text}");
    assert!(
        !text.contains(&format!("{:?}", SECRET.as_bytes())),
        "{text}"
    );
}
