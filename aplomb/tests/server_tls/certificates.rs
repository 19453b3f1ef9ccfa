//! [`Certificates`]: an authority, and what it has signed, in files of their own.

use std::path::PathBuf;

use aplomb::serve::Tls;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::TempDir;

/// An authority, and a folder for what it signs.
pub(crate) struct Certificates {
    folder: TempDir,
    issuer: Issuer<'static, KeyPair>,
    /// The authority's own.
    pub(crate) authority: CertificateDer<'static>,
}

/// A certificate and its key, in PEM.
pub(crate) struct Signed {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Signed {
    pub(crate) fn der(&self) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        (
            CertificateDer::from_pem_slice(self.certificate.as_bytes()).expect("a certificate"),
            PrivateKeyDer::from_pem_slice(self.key.as_bytes()).expect("a key"),
        )
    }
}

impl Certificates {
    /// A new authority with a certificate for this machine.
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "authority");
        let own = params.self_signed(&key).expect("a certificate");
        let certificates = Self {
            folder: tempfile::tempdir().expect("a folder"),
            issuer: Issuer::new(params, key),
            authority: own.der().clone(),
        };
        certificates.write("authority.pem", &own.pem());
        certificates.renew("127.0.0.1");
        certificates
    }

    /// Signs a certificate for one name or address.
    pub(crate) fn sign(&self, name: &str) -> Signed {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Signed {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }

    /// Writes another certificate to the files of the server.
    pub(crate) fn renew(&self, name: &str) {
        let signed = self.sign(name);
        self.write("certificate.pem", &signed.certificate);
        self.write("key.pem", &signed.key);
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).expect("a file");
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a server shows.
    pub(crate) fn tls(&self) -> Tls {
        Tls::from_files(self.path("certificate.pem"), self.path("key.pem"))
    }
}
