//! Where connections come from.

use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::FutureExt as _;
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

use super::unsent;

/// How many connections the kernel keeps for us while we do not accept.
pub(super) const BACKLOG: i32 = 1024;

/// A socket as it is given to another process.
#[cfg(unix)]
pub(crate) type Descriptor = std::os::fd::OwnedFd;
/// A socket as it is given to another process.
#[cfg(windows)]
pub(crate) type Descriptor = std::os::windows::io::OwnedSocket;

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A host and a port as text, such as `127.0.0.1:8000`; port 0 lets the system choose.
    Tcp(String),
    /// The path of a Unix socket, written `unix:/run/app.sock` as text.
    Unix(PathBuf),
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        match text.strip_prefix("unix:") {
            Some(path) => Self::Unix(path.into()),
            None => Self::Tcp(text.to_owned()),
        }
    }
}

impl From<String> for Address {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address.to_string())
    }
}

impl From<(&str, u16)> for Address {
    fn from((host, port): (&str, u16)) -> Self {
        if host.contains(':') && !host.starts_with('[') {
            return Self::Tcp(format!("[{host}]:{port}"));
        }
        Self::Tcp(format!("{host}:{port}"))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => f.write_str(address),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// A socket that is bound, in or outside a runtime.
#[derive(Debug)]
pub(super) enum Listening {
    Tcp(std::net::TcpListener),
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener),
}

impl Listening {
    pub(super) fn bind(address: &Address) -> io::Result<Self> {
        match address {
            Address::Tcp(address) => bind_tcp(address).map(Self::Tcp),
            #[cfg(unix)]
            Address::Unix(path) => bind_unix(path).map(Self::Unix),
            #[cfg(not(unix))]
            Address::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// The address it is bound to, with the port the system chose.
    pub(super) fn address(&self) -> io::Result<Address> {
        match self {
            Self::Tcp(listener) => listener.local_addr().map(Into::into),
            #[cfg(unix)]
            Self::Unix(listener) => {
                let path = listener.local_addr()?.as_pathname().map(PathBuf::from);
                Ok(Address::Unix(path.unwrap_or_default()))
            }
        }
    }

    /// The same socket once more, to be given to somebody else.
    pub(super) fn copy(&self) -> io::Result<Descriptor> {
        match self {
            Self::Tcp(listener) => listener.try_clone().map(Into::into),
            #[cfg(unix)]
            Self::Unix(listener) => listener.try_clone().map(Into::into),
        }
    }

    /// Enters the current runtime.
    pub(super) fn listen(self) -> io::Result<Listener> {
        match self {
            Self::Tcp(listener) => {
                listener.set_nonblocking(true)?;
                TcpListener::from_std(listener).map(Listener::Tcp)
            }
            #[cfg(unix)]
            Self::Unix(listener) => {
                listener.set_nonblocking(true)?;
                UnixListener::from_std(listener).map(Listener::Unix)
            }
        }
    }
}

fn bind_tcp(address: &str) -> io::Result<std::net::TcpListener> {
    let mut refused = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for candidate in address.to_socket_addrs()? {
        let bind = || {
            let kind = Domain::for_address(candidate);
            let socket = Socket::new(kind, Type::STREAM, Some(Protocol::TCP))?;
            #[cfg(unix)]
            socket.set_reuse_address(true)?;
            socket.bind(&candidate.into())?;
            socket.listen(BACKLOG)?;
            Ok(socket.into())
        };
        match bind() {
            Ok(listener) => return Ok(listener),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// Binds a path; a socket nobody answers on, left by a process that was killed, is replaced.
#[cfg(unix)]
fn bind_unix(path: &std::path::Path) -> io::Result<std::os::unix::net::UnixListener> {
    use std::os::unix::net;
    match net::UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            if net::UnixStream::connect(path).is_ok() {
                return Err(error);
            }
            std::fs::remove_file(path)?;
            net::UnixListener::bind(path)
        }
        bound => bound,
    }
}

/// A bound socket in a runtime.
pub(super) enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
}

impl Listener {
    pub(super) fn poll_accept(
        &self,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<(Stream, Option<SocketAddr>)>> {
        match self {
            Self::Tcp(listener) => listener.poll_accept(context).map_ok(|(stream, address)| {
                // Answers are written whole; waiting for more to join them only adds latency.
                let _ = stream.set_nodelay(true);
                unsent::bound(&stream);
                (Stream::Tcp(stream), Some(address))
            }),
            #[cfg(unix)]
            Self::Unix(listener) => listener
                .poll_accept(context)
                .map_ok(|(stream, _)| (Stream::Unix(stream), None)),
        }
    }

    /// Refuses who comes from now on. Who has been taken in by the system can still be accepted,
    /// which closing the socket would reset; of those that are about to be, whether there may be
    /// some.
    pub(super) fn refuse(&self) -> bool {
        match self {
            Self::Tcp(listener) => refuse_tcp(listener),
            #[cfg(unix)]
            Self::Unix(listener) => {
                let shut = SockRef::from(listener).shutdown(std::net::Shutdown::Read);
                if let Err(error) = shut {
                    tracing::debug!(%error, "the socket takes in until it is closed");
                }
                false
            }
        }
    }

    pub(super) fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok(),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }
}

/// Drops what asks for a new connection, and nothing else: whoever asks will ask again a second
/// later, when somebody else may listen.
#[cfg(target_os = "linux")]
fn refuse_tcp(listener: &TcpListener) -> bool {
    use socket2::SockFilter;
    /// The flags of a TCP header, and two of them: RFC 9293, section 3.1.
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    const ACK: u32 = 0x10;
    // In classic BPF: load a byte, and it, jump if equal, return how much of the packet passes.
    let filter = [
        SockFilter::new(0x30, 0, 0, FLAGS),
        SockFilter::new(0x54, 0, 0, SYN | ACK),
        SockFilter::new(0x15, 0, 1, SYN),
        SockFilter::new(0x06, 0, 0, 0),
        SockFilter::new(0x06, 0, 0, u32::MAX),
    ];
    let attached = SockRef::from(listener).attach_filter(&filter);
    if let Err(error) = &attached {
        tracing::debug!(%error, "the socket takes in until it is closed");
    }
    attached.is_ok()
}

#[cfg(not(target_os = "linux"))]
fn refuse_tcp(_: &TcpListener) -> bool {
    false
}

/// An accepted connection.
pub(super) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Stream {
    /// Where it is and where its client is, over TCP.
    pub(super) fn addresses(&self) -> Option<(SocketAddr, SocketAddr)> {
        match self {
            Self::Tcp(stream) => Some((stream.local_addr().ok()?, stream.peer_addr().ok()?)),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }
}

/// Calls the same method of whichever stream it is.
macro_rules! either {
    ($stream:expr, $inner:ident => $call:expr) => {
        match $stream.get_mut() {
            Stream::Tcp($inner) => $call,
            #[cfg(unix)]
            Stream::Unix($inner) => $call,
        }
    };
}

impl Stream {
    /// Writes what the system takes at once, outside of a task.
    #[cfg(feature = "tls")]
    pub(super) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.try_write(bytes),
            #[cfg(unix)]
            Self::Unix(stream) => stream.try_write(bytes),
        }
    }

    /// Whether the client was seen to have closed its sending side, whatever is unread before that.
    pub(super) fn is_read_closed(&self) -> bool {
        let ready = match self {
            Self::Tcp(stream) => stream.ready(Interest::READABLE).now_or_never(),
            #[cfg(unix)]
            Self::Unix(stream) => stream.ready(Interest::READABLE).now_or_never(),
        };
        ready.is_some_and(|ready| ready.is_ok_and(|ready| ready.is_read_closed()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        either!(self, inner => Pin::new(inner).poll_read(context, buffer))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        either!(self, inner => Pin::new(inner).poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(self, inner => Pin::new(inner).poll_write_vectored(context, pieces))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, inner => Pin::new(inner).poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, inner => Pin::new(inner).poll_shutdown(context))
    }
}
