//! Signs texts with the time, as Python's `itsdangerous.TimestampSigner` does.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::{Digest as _, Sha1};

/// Keys from secrets: the first signs, every one is accepted.
#[derive(Clone)]
pub(super) struct Signer(Vec<Hmac<Sha1>>);

impl Signer {
    /// # Panics
    /// When the secret is empty.
    #[track_caller]
    pub(super) fn new(secret: &str) -> Self {
        let mut signer = Self(Vec::new());
        signer.also_accept(secret);
        signer
    }

    #[track_caller]
    pub(super) fn also_accept(&mut self, secret: &str) {
        assert!(!secret.is_empty(), "an empty secret signs nothing");
        let key = Sha1::new()
            .chain_update(b"itsdangerous.Signer")
            .chain_update(b"signer")
            .chain_update(secret)
            .finalize();
        match Hmac::new_from_slice(&key) {
            Ok(key) => self.0.push(key),
            Err(error) => unreachable!("a key may have any length: {error}"),
        }
    }

    /// The text with the time and the signature behind it.
    pub(super) fn sign(&self, text: &str) -> String {
        self.sign_at(text, now())
    }

    fn sign_at(&self, text: &str, seconds: u64) -> String {
        let bytes = seconds.to_be_bytes();
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(8);
        let text = format!("{text}.{}", URL_SAFE_NO_PAD.encode(&bytes[start..]));
        let signature = self.0[0].clone().chain_update(&text).finalize();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.into_bytes()))
    }

    /// The text, where one of the secrets signed it and not longer ago than `max_age` seconds.
    pub(super) fn unsign<'a>(&self, signed: &'a str, max_age: Option<u32>) -> Option<&'a str> {
        self.unsign_at(signed, max_age, now())
    }

    fn unsign_at<'a>(&self, signed: &'a str, max_age: Option<u32>, now: u64) -> Option<&'a str> {
        let (signed, signature) = signed.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let verified = |key: &Hmac<Sha1>| {
            let key = key.clone().chain_update(signed);
            key.verify_slice(&signature).is_ok()
        };
        if !self.0.iter().any(verified) {
            return None;
        }
        let (text, time) = signed.rsplit_once('.')?;
        let time = URL_SAFE_NO_PAD.decode(time).ok()?;
        if time.len() > 8 {
            return None;
        }
        let time = time
            .iter()
            .fold(0, |time, byte| time << 8 | u64::from(*byte));
        match max_age {
            Some(max_age) if now.checked_sub(time)? > u64::from(max_age) => None,
            _ => Some(text),
        }
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::Signer;

    /// What itsdangerous 2.2 makes of `{"user": "anna", "n": 1}` at that time with that secret.
    const SIGNED: &str = "eyJ1c2VyIjogImFubmEiLCAibiI6IDF9.ZVPxAA.dh3z980mmMjK21BjOdivIrE3Guw";
    const DATA: &str = "eyJ1c2VyIjogImFubmEiLCAibiI6IDF9";
    const TIME: u64 = 1_700_000_000;

    #[test]
    fn signs_as_python_does() {
        let signer = Signer::new("top secret");
        assert_eq!(signer.sign_at(DATA, TIME), SIGNED);
        assert_eq!(signer.unsign_at(SIGNED, None, 0), Some(DATA));
    }

    #[test]
    fn too_old_and_not_yet() {
        let signer = Signer::new("top secret");
        for (age, now, valid) in [
            (60, TIME, true),
            (60, TIME + 60, true),
            (60, TIME + 61, false),
            (60, TIME - 1, false),
        ] {
            let text = signer.unsign_at(SIGNED, Some(age), now);
            assert_eq!(text.is_some(), valid, "{now}");
        }
    }

    #[test]
    fn what_was_changed_is_refused() {
        let signer = Signer::new("top secret");
        for index in 0..SIGNED.len() {
            let mut changed = SIGNED.as_bytes().to_vec();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("text");
            assert_eq!(signer.unsign_at(&changed, None, 0), None, "{changed}");
        }
        for odd in ["", ".", "..", "a.b", "a.b.c", "null"] {
            assert_eq!(signer.unsign_at(odd, None, 0), None, "{odd}");
        }
        assert_eq!(Signer::new("another").unsign_at(SIGNED, None, 0), None);
    }

    #[test]
    fn old_secrets_are_accepted_and_the_new_one_signs() {
        let mut signer = Signer::new("new secret");
        signer.also_accept("top secret");
        assert_eq!(signer.unsign_at(SIGNED, None, 0), Some(DATA));
        let signed = signer.sign_at(DATA, TIME);
        assert_eq!(
            Signer::new("new secret").unsign_at(&signed, None, 0),
            Some(DATA)
        );
        assert_eq!(Signer::new("top secret").unsign_at(&signed, None, 0), None);
    }
}
