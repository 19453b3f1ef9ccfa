//! How much of its answers the system takes in beyond what it has sent.

use tokio::net::TcpStream;

/// So much it takes in of one connection, and then as much as its client is ready for. It is what
/// goes out while a worker is held, and one that is not writes on long before it is used up.
pub(super) const UNSENT: u32 = 128 << 10;

/// Bounds that for a connection.
///
/// The system would take in megabytes for each client that does not read. Copying those holds
/// workers, and all connections of the machine share the memory there is for them: where it is used
/// up, those wait too that do read.
///
/// Source: `TCP_NOTSENT_LOWAT` in `linux/tcp.h`, and `sk_stream_memory_free` of the kernel, which asks it.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn bound(stream: &TcpStream) {
    let bounded = socket2::SockRef::from(stream).set_tcp_notsent_lowat(UNSENT);
    if let Err(error) = bounded {
        tracing::debug!(%error, "the system takes in as much of an answer as it likes");
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn bound(_: &TcpStream) {}
