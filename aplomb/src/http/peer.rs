//! Who is at the other end of a connection.

use std::net::SocketAddr;
use std::sync::Arc;

use http::HeaderMap;

use super::TrustedProxies;
use crate::serve::Tasks;

/// The other end of a connection, shared by all requests that arrive on it.
#[derive(Clone, Debug)]
pub struct Peer {
    connection: Arc<Connection>,
}

#[derive(Clone, Debug, Default)]
struct Connection {
    address: Option<SocketAddr>,
    client: Option<Client>,
    server: Option<SocketAddr>,
    secure: bool,
    /// What the client has shown that it is, in DER.
    certificate: Option<Arc<[u8]>>,
    /// Present only if this peer is itself a trusted proxy.
    proxies: Option<Arc<TrustedProxies>>,
    /// The tasks of the server that has the connection, where it is ours.
    tasks: Option<Tasks>,
}

/// The host and port a request came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// An address, or whatever name a trusted proxy gave.
    pub host: String,
    /// The port, 0 if a proxy stands between and does not tell it.
    pub port: u16,
}

impl Peer {
    /// The peer of a socket: its address, the one it reached, and which proxies are believed.
    ///
    /// A peer without an address (a Unix socket) is on this machine and counts as `127.0.0.1`
    /// when trust is decided.
    pub fn new(
        address: Option<SocketAddr>,
        server: Option<SocketAddr>,
        proxies: &Arc<TrustedProxies>,
    ) -> Self {
        let trusted = address.map_or_else(
            || proxies.trusts("127.0.0.1"),
            |address| proxies.trusts_address(address.ip()),
        );
        let proxies = trusted.then(|| Arc::clone(proxies));
        let connection = Connection {
            address,
            server,
            proxies,
            ..Connection::default()
        };
        Self {
            connection: Arc::new(connection),
        }
    }

    /// A peer that has a name in place of a socket, as in tests.
    pub fn named(host: impl Into<String>, port: u16) -> Self {
        let client = Some(Client {
            host: host.into(),
            port,
        });
        Self {
            connection: Arc::new(Connection {
                client,
                ..Connection::default()
            }),
        }
    }

    /// A peer of which nothing is known, as under a server that says nothing of it.
    pub fn unknown() -> Self {
        Self {
            connection: Arc::default(),
        }
    }

    /// The same peer over TLS.
    #[must_use]
    pub fn secure(mut self) -> Self {
        Arc::make_mut(&mut self.connection).secure = true;
        self
    }

    /// The same peer with the certificate that its client has shown, which the server has checked.
    #[cfg(feature = "tls")]
    pub(crate) fn certified(mut self, certificate: Option<&[u8]>) -> Self {
        if let Some(certificate) = certificate {
            Arc::make_mut(&mut self.connection).certificate = Some(certificate.into());
        }
        self
    }

    /// The same peer of a server that waits for these tasks when it stops.
    pub(crate) fn served_by(mut self, tasks: Tasks) -> Self {
        Arc::make_mut(&mut self.connection).tasks = Some(tasks);
        self
    }

    /// The tasks that its server waits for, or some that nobody does.
    pub(crate) fn tasks(&self) -> Tasks {
        self.connection.tasks.clone().unwrap_or_default()
    }

    /// The address of the socket at the other end, which may be a proxy's.
    pub fn address(&self) -> Option<SocketAddr> {
        self.connection.address
    }

    /// The address on this side that was connected to.
    pub fn server(&self) -> Option<SocketAddr> {
        self.connection.server
    }

    /// The certificate that the client has shown, in DER, where the server [asks for
    /// one](crate::serve::Tls::require_client_certificates) and speaks TLS to the client itself.
    pub fn client_certificate(&self) -> Option<&[u8]> {
        self.connection.certificate.as_deref()
    }

    /// The scheme the client used: `https` over TLS or if a trusted proxy says so.
    pub fn scheme(&self, headers: &HeaderMap) -> &'static str {
        let told = self.connection.proxies.as_ref().and_then(|_| {
            let told = headers.get_all("x-forwarded-proto").iter().next_back()?;
            match told.as_bytes().trim_ascii() {
                b"http" | b"ws" => Some("http"),
                b"https" | b"wss" => Some("https"),
                _ => None,
            }
        });
        told.unwrap_or(if self.connection.secure {
            "https"
        } else {
            "http"
        })
    }

    /// Where the client is: the host a trusted proxy names, else the other end of the socket.
    pub fn client(&self, headers: &HeaderMap) -> Option<Client> {
        let told = self.connection.proxies.as_ref().and_then(|proxies| {
            let chains = headers.get_all("x-forwarded-for").iter();
            // Every byte is a character, so that no byte can hide the chain behind it.
            let chains = chains.map(|chain| chain.as_bytes().iter().map(|byte| char::from(*byte)));
            let chains: Vec<String> = chains.map(Iterator::collect).collect();
            proxies.client_of(&chains.join(", "))
        });
        told.or_else(|| self.connection.client.clone()).or_else(|| {
            let address = self.connection.address?;
            Some(Client {
                host: address.ip().to_canonical().to_string(),
                port: address.port(),
            })
        })
    }
}
