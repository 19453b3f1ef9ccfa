//! [`Client`]: connects over TLS, as it is told.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use h2::client::SendRequest;
use http::Request;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

use crate::certificates::{Certificates, Signed};

/// How long a client waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection that speaks HTTP/2, and the task that drives it.
pub(crate) type Http2 = (SendRequest<Bytes>, JoinHandle<Result<(), h2::Error>>);

pub(crate) type Stream = StreamOwned<ClientConnection, TcpStream>;

/// What a client knows and asks for.
#[derive(Clone)]
pub(crate) struct Client(ClientConfig);

impl Client {
    /// Knows the authority, and speaks every version of TLS.
    pub(crate) fn of(certificates: &Certificates) -> Self {
        Self::with(certificates, rustls::ALL_VERSIONS, None)
    }

    /// Shows a certificate.
    pub(crate) fn showing(certificates: &Certificates, own: &Signed) -> Self {
        Self::with(certificates, rustls::ALL_VERSIONS, Some(own))
    }

    pub(crate) fn with(
        certificates: &Certificates,
        versions: &[&'static SupportedProtocolVersion],
        own: Option<&Signed>,
    ) -> Self {
        let mut roots = RootCertStore::empty();
        roots
            .add(certificates.authority.clone())
            .expect("an authority");
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .expect("versions")
            .with_root_certificates(roots);
        Self(match own {
            None => builder.with_no_client_auth(),
            Some(own) => {
                let (certificate, key) = own.der();
                builder
                    .with_client_auth_cert(vec![certificate], key)
                    .expect("a certificate")
            }
        })
    }

    /// Asks for one of these protocols.
    pub(crate) fn speaking(mut self, protocols: &[&str]) -> Self {
        self.0.alpn_protocols = protocols.iter().map(|name| Vec::from(*name)).collect();
        self
    }

    /// A session whose handshake begins when something is sent or read.
    pub(crate) fn open(&self, address: SocketAddr) -> Stream {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        StreamOwned::new(self.session(), stream)
    }

    /// The client's side of a session, before anything was said.
    pub(crate) fn session(&self) -> ClientConnection {
        let name = ServerName::try_from("127.0.0.1").expect("a name");
        ClientConnection::new(Arc::new(self.0.clone()), name).expect("a session")
    }

    /// A session after its handshake.
    pub(crate) fn connect(&self, address: SocketAddr) -> io::Result<Stream> {
        let mut stream = self.open(address);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        Ok(stream)
    }

    /// A connection that speaks HTTP/2, and the task that drives it.
    pub(crate) async fn http2(&self, address: SocketAddr) -> Http2 {
        self.http2_with(address, &h2::client::Builder::new()).await
    }

    pub(crate) async fn http2_with(
        &self,
        address: SocketAddr,
        builder: &h2::client::Builder,
    ) -> Http2 {
        let stream = tokio::net::TcpStream::connect(address).await;
        let connector = TlsConnector::from(Arc::new(self.clone().speaking(&["h2"]).0));
        let name = ServerName::try_from("127.0.0.1").expect("a name");
        let stream = connector.connect(name, stream.expect("a connection")).await;
        let stream = stream.expect("a handshake");
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (requests, connection) = builder.handshake(stream).await.expect("a handshake");
        let connection = tokio::spawn(connection);
        (requests.ready().await.expect("ready"), connection)
    }
}

/// Asks, and reads one answer with a `content-length`.
pub(crate) fn ask(stream: &mut Stream, path: &str) -> io::Result<(u16, String, Vec<u8>)> {
    write!(stream, "GET {path} HTTP/1.1\r\nHost: h\r\n\r\n")?;
    read_answer(stream)
}

/// Reads one answer with a `content-length`: status, head and body.
pub(crate) fn read_answer(stream: &mut impl Read) -> io::Result<(u16, String, Vec<u8>)> {
    let head = read_head(stream)?;
    let status = head[9..12].parse().expect("a status");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a length"))];
    stream.read_exact(&mut body)?;
    Ok((status, head, body))
}

pub(crate) fn read_head(stream: &mut impl Read) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8(head).expect("text"))
}

/// Asks over HTTP/2.
pub(crate) async fn fetch(
    requests: &mut SendRequest<Bytes>,
    path: &str,
    body: &'static str,
) -> Result<(u16, Vec<u8>), h2::Error> {
    let uri = format!("https://h.example{path}");
    let request = Request::post(uri).body(()).expect("a request");
    let (response, mut sending) = requests.send_request(request, false)?;
    sending.send_data(Bytes::from_static(body.as_bytes()), true)?;
    let (head, mut body) = response.await?.into_parts();
    let mut content = Vec::new();
    while let Some(piece) = body.data().await {
        let piece = piece?;
        body.flow_control().release_capacity(piece.len())?;
        content.extend_from_slice(&piece);
    }
    Ok((head.status.as_u16(), content))
}
