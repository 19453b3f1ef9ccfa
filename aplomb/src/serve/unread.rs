//! How long bytes have waited in a socket, by the kernel's word.

use std::net::SocketAddr;
use std::time::Duration;

/// How long ago a connection received its last bytes; nothing where the system does not say.
///
/// It is asked through a socket of its own, which takes some microseconds: only for when there is
/// reason to think that nobody has looked at the connection for a while. The kernel's clock ticks
/// every few milliseconds.
///
/// Source: sock_diag(7), and `tcp_info` of `linux/tcp.h`.
#[cfg(target_os = "linux")]
pub(super) fn received_ago(local: SocketAddr, peer: SocketAddr) -> Option<Duration> {
    use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netlink};

    let diagnosis = rustix::net::socket_with(
        AddressFamily::NETLINK,
        SocketType::DGRAM,
        SocketFlags::CLOEXEC,
        Some(netlink::SOCK_DIAG),
    );
    let diagnosis = diagnosis.ok()?;
    rustix::net::send(&diagnosis, &question(local, peer), SendFlags::empty()).ok()?;
    // Some hundred bytes; what it says beyond that is not looked at.
    let mut answer = [0; 1024];
    // The kernel has answered by the time the question is sent.
    let (length, _) = rustix::net::recv(&diagnosis, &mut answer, RecvFlags::DONTWAIT).ok()?;
    let milliseconds = last_received(answer.get(..length)?)?;
    Some(Duration::from_millis(milliseconds.into()))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn received_ago(_: SocketAddr, _: SocketAddr) -> Option<Duration> {
    None
}

/// `SOCK_DIAG_BY_FAMILY`, as a question and as an answer.
#[cfg(target_os = "linux")]
const BY_FAMILY: u16 = 20;

/// An `nlmsghdr` with an `inet_diag_req_v2` for one connection, and its `INET_DIAG_INFO`.
#[cfg(target_os = "linux")]
fn question(local: SocketAddr, peer: SocketAddr) -> Vec<u8> {
    const LENGTH: u32 = 16 + 56;
    const REQUEST: u16 = 1;
    const TCP: u8 = 6;
    const INFO: u8 = 2;
    let family = if local.is_ipv4() { 2 } else { 10 };
    let mut bytes = Vec::with_capacity(LENGTH as usize);
    bytes.extend(LENGTH.to_ne_bytes());
    bytes.extend(BY_FAMILY.to_ne_bytes());
    bytes.extend(REQUEST.to_ne_bytes());
    bytes.extend([0; 8]);
    bytes.extend([family, TCP, 1 << (INFO - 1), 0]);
    // Whatever state it is in.
    bytes.extend([0xff; 4]);
    bytes.extend(local.port().to_be_bytes());
    bytes.extend(peer.port().to_be_bytes());
    for address in [local, peer] {
        let mut place = [0; 16];
        match address {
            SocketAddr::V4(address) => place[..4].copy_from_slice(&address.ip().octets()),
            SocketAddr::V6(address) => place = address.ip().octets(),
        }
        bytes.extend(place);
    }
    // Any interface, and no cookie.
    bytes.extend([0; 4]);
    bytes.extend([0xff; 8]);
    bytes
}

/// The `tcpi_last_data_recv` of an answer, in milliseconds.
#[cfg(target_os = "linux")]
fn last_received(answer: &[u8]) -> Option<u32> {
    const INFO: u16 = 2;
    /// Behind an `nlmsghdr` and an `inet_diag_msg`.
    const ATTRIBUTES: usize = 16 + 72;
    /// Where it is in a `tcp_info`.
    const PLACE: usize = 52;
    let short = |bytes: &[u8]| Some(u16::from_ne_bytes(bytes.get(..2)?.try_into().ok()?));
    if short(answer.get(4..)?)? != BY_FAMILY {
        return None;
    }
    let mut rest = answer.get(ATTRIBUTES..)?;
    loop {
        let (length, kind) = (usize::from(short(rest)?), short(rest.get(2..)?)?);
        if kind == INFO {
            let number = rest.get(4..length)?.get(PLACE..PLACE + 4)?;
            return Some(u32::from_ne_bytes(number.try_into().ok()?));
        }
        rest = rest.get(length.max(4).next_multiple_of(4)..)?;
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::Write as _;
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn the_kernel_says_how_long_bytes_have_waited() {
        for host in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(host) else {
                continue;
            };
            let address = listener.local_addr().expect("an address");
            let mut client = TcpStream::connect(address).expect("a connection");
            client.write_all(b"hello").expect("sent");
            std::thread::sleep(Duration::from_millis(120));
            let (socket, peer) = listener.accept().expect("a connection");
            let local = socket.local_addr().expect("an address");
            let ago = received_ago(local, peer).expect("the kernel's word");
            let likely = Duration::from_millis(100)..Duration::from_secs(20);
            assert!(likely.contains(&ago), "{host}: {ago:?}");
        }
    }

    #[test]
    fn answers_that_are_none_say_nothing() {
        let nowhere: SocketAddr = "127.0.0.1:1".parse().expect("an address");
        assert_eq!(received_ago(nowhere, nowhere), None);
        for length in [0, 4, 20, 90, 200] {
            assert_eq!(last_received(&vec![0; length]), None);
        }
    }
}
