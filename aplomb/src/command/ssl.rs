//! [`SslOptions`]: TLS as the command line and the environment say it.

use std::env;
use std::path::PathBuf;

use super::UsageError;
use crate::serve::Tls;

/// The options `--ssl-…` of a command line, which are called as uvicorn calls them.
///
/// What is not on the command line is looked for in the environment, as `SSL_CERTFILE` and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SslOptions {
    /// `--ssl-certfile`: the certificate, and those between it and one that clients know.
    pub certfile: Option<PathBuf>,
    /// `--ssl-keyfile`: its key; without it the key is looked for beside the certificate.
    pub keyfile: Option<PathBuf>,
    /// `--ssl-ca-certs`: the authorities of the certificates of clients.
    pub ca_certs: Option<PathBuf>,
    /// `--ssl-cert-reqs`: whether clients have to show one; where there are authorities, they have
    /// to unless it is said.
    pub cert_reqs: Option<CertReqs>,
}

/// Whether clients have to show a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertReqs {
    /// `0` or `none`: they are not asked for one.
    None,
    /// `1` or `optional`: they may.
    Optional,
    /// `2` or `required`: they have to.
    Required,
}

impl CertReqs {
    /// Reads a number as Python's `ssl` counts, or a word.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, UsageError> {
        match text {
            "0" | "none" => Ok(Self::None),
            "1" | "optional" => Ok(Self::Optional),
            "2" | "required" => Ok(Self::Required),
            _ => Err(UsageError::new(format!(
                "`{text}` does not say whether clients need a certificate: 0 (none), \
                 1 (optional) or 2 (required) does"
            ))),
        }
    }
}

impl SslOptions {
    /// These, completed by those of the environment.
    ///
    /// # Errors
    /// What a variable says and nobody understands.
    pub(crate) fn or_environment(self) -> Result<Self, UsageError> {
        self.or(|name| env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn or(self, variable: impl Fn(&str) -> Option<String>) -> Result<Self, UsageError> {
        let path = |given: Option<PathBuf>, name| given.or_else(|| variable(name).map(Into::into));
        let cert_reqs = variable("SSL_CERT_REQS").map(|text| CertReqs::parse(&text));
        Ok(Self {
            // A key belongs to its certificate: both are from one place.
            keyfile: match &self.certfile {
                Some(_) => self.keyfile,
                None => path(self.keyfile, "SSL_KEYFILE"),
            },
            certfile: path(self.certfile, "SSL_CERTFILE"),
            ca_certs: path(self.ca_certs, "SSL_CA_CERTS"),
            cert_reqs: self.cert_reqs.map_or(cert_reqs.transpose()?, Some),
        })
    }

    /// What they ask for, if it is TLS.
    ///
    /// # Errors
    /// What is missing.
    pub(crate) fn tls(self) -> Result<Option<Tls>, UsageError> {
        let missing = |given, lacks| {
            let problem = format!("`{given}` is of no use without `{lacks}`");
            Err(UsageError::new(problem))
        };
        let Some(certfile) = self.certfile else {
            return match (self.keyfile, self.ca_certs) {
                (Some(_), _) => missing("--ssl-keyfile", "--ssl-certfile"),
                (None, Some(_)) => missing("--ssl-ca-certs", "--ssl-certfile"),
                (None, None) => Ok(None),
            };
        };
        let keyfile = self.keyfile.unwrap_or_else(|| certfile.clone());
        let tls = Tls::from_files(certfile, keyfile);
        let cert_reqs = self.cert_reqs.unwrap_or(match self.ca_certs {
            Some(_) => CertReqs::Required,
            None => CertReqs::None,
        });
        Ok(Some(match (cert_reqs, self.ca_certs) {
            (CertReqs::None, _) => tls,
            (CertReqs::Optional, Some(authorities)) => tls.ask_for_client_certificates(authorities),
            (CertReqs::Required, Some(authorities)) => tls.require_client_certificates(authorities),
            (_, None) => return missing("--ssl-cert-reqs", "--ssl-ca-certs"),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(options: SslOptions, variables: &[(&str, &str)]) -> Result<Option<Tls>, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let options = options.or(variable).and_then(SslOptions::tls);
        options.map_err(|error| error.to_string())
    }

    #[test]
    fn options_come_first_and_a_key_belongs_to_its_certificate() {
        let nothing = SslOptions::default;
        let with = |certfile: &str| SslOptions {
            certfile: Some(certfile.into()),
            ..nothing()
        };
        let both = [("SSL_CERTFILE", "c"), ("SSL_KEYFILE", "k")];
        let authorities = [both.as_slice(), &[("SSL_CA_CERTS", "a")]].concat();
        let saying = |reqs| [authorities.as_slice(), &[("SSL_CERT_REQS", reqs)]].concat();
        let tls = Tls::from_files("c", "k");
        for (options, variables, expected) in [
            (nothing(), vec![], None),
            (nothing(), both.to_vec(), Some(tls.clone())),
            (
                nothing(),
                both[..1].to_vec(),
                Some(Tls::from_files("c", "c")),
            ),
            (with("d"), both.to_vec(), Some(Tls::from_files("d", "d"))),
            (
                nothing(),
                authorities.clone(),
                Some(tls.clone().require_client_certificates("a")),
            ),
            (
                nothing(),
                saying("optional"),
                Some(tls.clone().ask_for_client_certificates("a")),
            ),
            (nothing(), saying("0"), Some(tls)),
        ] {
            assert_eq!(asked(options, &variables), Ok(expected), "{variables:?}");
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        for (variables, problem) in [
            ([("SSL_KEYFILE", "k")].as_slice(), "`--ssl-certfile`"),
            (&[("SSL_CA_CERTS", "a")], "`--ssl-certfile`"),
            (
                &[("SSL_CERTFILE", "c"), ("SSL_CERT_REQS", "2")],
                "`--ssl-ca-certs`",
            ),
            (&[("SSL_CERTFILE", "c"), ("SSL_CERT_REQS", "3")], "`3`"),
        ] {
            let error = asked(SslOptions::default(), variables).expect_err("refused");
            assert!(error.contains(problem), "{error}");
        }
    }
}
