//! [`Secrecy`]: which values never leave the process.

use crate::observe::Secrets;

/// Words in the name of a field that say that its value is a secret.
const WORDS: [&str; 16] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "pin",
    "secret",
    "token",
    "apikey",
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "csrf",
    "cvv",
    "cvc",
    "otp",
];

/// Which values never leave the process: headers and parameters that the service hides, and fields
/// whose names say that they are secrets. Fields that are declared secret are kept out where they
/// are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrecy(Secrets);

impl Secrecy {
    pub(crate) fn new(secrets: Secrets) -> Self {
        Self(secrets)
    }

    /// Whether a header is a secret.
    pub(crate) fn hides_header(&self, name: &str) -> bool {
        self.0.has(name)
    }

    /// Headers as they may be shown.
    pub(crate) fn headers(&self, headers: &http::HeaderMap) -> Vec<(String, String)> {
        self.0.headers(headers)
    }

    /// Whether a parameter or field is a secret.
    pub(crate) fn hides(&self, name: &str) -> bool {
        self.0.names(name) || tells(name)
    }
}

/// Whether the name of a field says that its value is a secret: `accessToken` does, `author` does
/// not.
pub(crate) fn tells(name: &str) -> bool {
    let mut words = vec![String::new()];
    let mut small = false;
    for letter in name.chars().take(128) {
        if !letter.is_alphanumeric() {
            words.push(String::new());
            small = false;
            continue;
        }
        if letter.is_uppercase() && small {
            words.push(String::new());
        }
        small = !letter.is_uppercase();
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    let pairs = words.windows(2).any(|pair| {
        let [first, second] = pair else { return false };
        matches!(&**first, "api" | "private" | "access" | "signing") && second == "key"
    });
    pairs || words.iter().any(|word| WORDS.contains(&&**word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_tell_by_whole_words() {
        for name in [
            "password",
            "new_password",
            "accessToken",
            "client-secret",
            "API_KEY",
            "privateKey",
            "Authorization",
        ] {
            assert!(tells(name), "{name}");
        }
        for name in [
            "author",
            "tokens_used",
            "spinner",
            "key",
            "session_count",
            "",
        ] {
            assert!(!tells(name), "{name}");
        }
    }
}
