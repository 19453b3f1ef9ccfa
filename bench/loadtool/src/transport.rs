//! What carries the bytes of a connection: TCP, or TLS over it.
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, IpAddr, Ipv4Addr, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::socket;

/// What a slow reader's kernel takes in before it reads.
const SMALL_BUFFER: i32 = 128 << 10;

/// Opens connections to one server.
pub struct Dialer {
    port: u16,
    receive_buffer: Option<i32>,
    tls: Option<Arc<ClientConfig>>,
}

impl Dialer {
    /// To a server in clear text.
    pub fn new(port: u16, slow: bool) -> Self {
        Self {
            port,
            receive_buffer: slow.then_some(SMALL_BUFFER),
            tls: None,
        }
    }

    /// The same over TLS, to a server that has this certificate, by HTTP/2 or HTTP/1.1.
    ///
    /// Each connection shakes hands anew, as those of a kubelet do: no session is resumed.
    ///
    /// # Errors
    /// A file without a certificate that can be trusted.
    pub fn secured(self, certificate: &Path, http2: bool) -> io::Result<Self> {
        let certificate = CertificateDer::from_pem_file(certificate).map_err(io::Error::other)?;
        let mut trusted = RootCertStore::empty();
        trusted.add(certificate).map_err(io::Error::other)?;
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(trusted)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol(http2).to_vec()];
        config.resumption = Resumption::disabled();
        Ok(Self {
            tls: Some(Arc::new(config)),
            ..self
        })
    }

    /// Whether what it opens speaks TLS.
    pub fn is_secured(&self) -> bool {
        self.tls.is_some()
    }

    /// Begins to connect.
    pub fn dial(&self) -> io::Result<Transport> {
        let tcp = socket::connect(self.port, self.receive_buffer)?;
        let tls = self.tls.as_ref().map(|config| {
            let server = ServerName::IpAddress(IpAddr::V4(Ipv4Addr::from([127, 0, 0, 1])));
            ClientConnection::new(Arc::clone(config), server).map_err(io::Error::other)
        });
        Ok(Transport {
            tcp,
            tls: tls.transpose()?,
        })
    }
}

/// As ALPN names it (RFC 7301, section 6).
fn protocol(http2: bool) -> &'static [u8] {
    if http2 { b"h2" } else { b"http/1.1" }
}

/// A connection that never waits.
pub struct Transport {
    tcp: TcpStream,
    tls: Option<ClientConnection>,
}

/// What reading has brought.
#[derive(Debug, PartialEq)]
pub enum Came {
    Bytes(usize),
    Nothing,
    End,
}

impl Transport {
    pub fn fd(&self) -> i32 {
        self.tcp.as_raw_fd()
    }

    /// Writes what can be, from the front of what is there; whether there is more to write when the
    /// socket has room.
    pub fn write(&mut self, unsent: &mut Vec<u8>) -> bool {
        // Reading says what has become of a connection that takes nothing any more.
        match &mut self.tls {
            None => {
                while !unsent.is_empty() {
                    match self.tcp.write(unsent) {
                        Ok(written) => drop(unsent.drain(..written)),
                        Err(error) if is_early(&error) => break,
                        Err(_) => unsent.clear(),
                    }
                }
                !unsent.is_empty()
            }
            Some(session) => loop {
                // What is written before hands are shaken is kept until they are, as far as there is
                // room; for the rest it is reading that goes on.
                let taken = session.writer().write(unsent).unwrap_or_default();
                unsent.drain(..taken);
                while session.wants_write() {
                    match session.write_tls(&mut self.tcp) {
                        Ok(_) => {}
                        Err(error) => return is_early(&error),
                    }
                }
                if taken == 0 {
                    return false;
                }
            },
        }
    }

    pub fn read(&mut self, buffer: &mut [u8]) -> Came {
        match &mut self.tls {
            None => came(self.tcp.read(buffer)),
            Some(session) => read_tls(&mut self.tcp, session, buffer),
        }
    }
}

/// Reads what there is of what was encrypted. What answers it, as in a handshake, is left to be written.
fn read_tls(tcp: &mut TcpStream, session: &mut ClientConnection, buffer: &mut [u8]) -> Came {
    loop {
        match came(session.reader().read(buffer)) {
            Came::Nothing => {}
            some => return some,
        }
        match came(session.read_tls(tcp)) {
            Came::Bytes(_) => {}
            other => return other,
        }
        if session.process_new_packets().is_err() {
            return Came::End;
        }
    }
}

fn came(read: io::Result<usize>) -> Came {
    match read {
        Ok(0) => Came::End,
        Ok(count) => Came::Bytes(count),
        Err(error) if is_early(&error) => Came::Nothing,
        Err(_) => Came::End,
    }
}

/// Whether it may go on later.
fn is_early(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::NotConnected
    )
}
