//! [`Files`]: certificates and keys as they are on disk, and what rustls makes of them.

use std::fmt::Display;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::Path;
use std::sync::Arc;

use memchr::memmem;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, ServerConfig};

use super::{Clients, Tls};

/// What clients may ask to speak, the best first: RFC 7301 and RFC 9113, section 3.1.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// The files of a [`Tls`], as far as they could be read.
pub(super) struct Files {
    certificate: Result<Vec<u8>, String>,
    key: Result<Vec<u8>, String>,
    authorities: Option<Result<Vec<u8>, String>>,
}

impl Tls {
    /// Reads the files; what cannot be read is a problem only of who needs it.
    pub(super) fn read(&self) -> Files {
        let read = |path: &Path| std::fs::read(path).map_err(|error| error.to_string());
        Files {
            certificate: read(&self.certificate),
            key: read(&self.key),
            authorities: self
                .clients
                .as_ref()
                .map(|clients| read(&clients.authorities)),
        }
    }
}

impl Files {
    /// A number that is another one when something in them is.
    pub(super) fn print(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.certificate, &self.key, &self.authorities).hash(&mut hasher);
        hasher.finish()
    }

    /// How the server speaks with these.
    ///
    /// # Errors
    /// What is wrong, and in which file.
    pub(super) fn config(&self, tls: &Tls) -> io::Result<ServerConfig> {
        let provider = Arc::new(ring::default_provider());
        let shown = self.certified(tls, &provider)?;
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(io::Error::other)?;
        let builder = match (&tls.clients, &self.authorities) {
            (Some(clients), Some(authorities)) => {
                builder.with_client_cert_verifier(verifier(clients, authorities, provider)?)
            }
            _ => builder.with_no_client_auth(),
        };
        let mut config = builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(shown)));
        config.alpn_protocols = PROTOCOLS.map(Vec::from).into();
        match tls.clients {
            // Who comes back shows a certificate again, which may have run out.
            Some(_) => {
                config.session_storage = Arc::new(NoServerSessionStorage {});
                config.send_tls13_tickets = 0;
            }
            None => config.ticketer = ring::Ticketer::new().map_err(io::Error::other)?,
        }
        Ok(config)
    }

    /// The certificate with its key.
    fn certified(&self, tls: &Tls, provider: &CryptoProvider) -> io::Result<CertifiedKey> {
        let chain = certificates(&tls.certificate, &self.certificate)?;
        let key = bytes(&tls.key, &self.key)?;
        if memmem::find(key, b"ENCRYPTED").is_some() {
            let problem = "the key is encrypted, which is not supported; \
                           `openssl pkey -in KEY -out PLAIN` writes it as it is";
            return Err(wrong(&tls.key, problem));
        }
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| wrong(&tls.key, format!("no private key in PEM ({error})")))?;
        CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                let certificate = tls.certificate.display();
                let problem =
                    format!("the key does not belong to the certificate in {certificate}");
                wrong(&tls.key, problem)
            }
            rustls::Error::InvalidCertificate(problem) => wrong(&tls.certificate, problem),
            error => wrong(&tls.key, error),
        })
    }
}

/// What checks the certificates of clients.
fn verifier(
    clients: &Clients,
    content: &Result<Vec<u8>, String>,
    provider: Arc<CryptoProvider>,
) -> io::Result<Arc<dyn ClientCertVerifier>> {
    let path = &clients.authorities;
    let mut authorities = RootCertStore::empty();
    for certificate in certificates(path, content)? {
        authorities
            .add(certificate)
            .map_err(|error| wrong(path, error))?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(authorities), provider);
    let verifier = match clients.is_required {
        true => verifier,
        false => verifier.allow_unauthenticated(),
    };
    verifier.build().map_err(|error| wrong(path, error))
}

fn certificates(
    path: &Path,
    content: &Result<Vec<u8>, String>,
) -> io::Result<Vec<CertificateDer<'static>>> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes(path, content)?).collect();
    match found {
        Ok(found) if found.is_empty() => Err(wrong(path, "no certificate in PEM")),
        Ok(found) => Ok(found),
        Err(error) => Err(wrong(path, format!("no certificate in PEM ({error})"))),
    }
}

fn bytes<'c>(path: &Path, content: &'c Result<Vec<u8>, String>) -> io::Result<&'c [u8]> {
    content
        .as_deref()
        .map_err(|error| wrong(path, format!("it cannot be read: {error}")))
}

fn wrong(path: &Path, problem: impl Display) -> io::Error {
    let problem = format!("no TLS with {}: {problem}", path.display());
    io::Error::new(io::ErrorKind::InvalidInput, problem)
}
