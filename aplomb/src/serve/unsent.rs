//! How much of its answers the system takes in beyond what it has sent.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use super::listener::Stream;
use super::memory;

/// So much it takes in of one connection, and then as much as its client is ready for. It is what
/// goes out while a worker is held, and one that is not writes on long before it is used up.
pub(super) const UNSENT: usize = 128 << 10;

/// The most that it takes in of one connection whose answer is longer than that.
const MOST: usize = 4 << 20;

/// The most that it takes in of all of those.
const ALL: usize = 64 << 20;

/// What of that is given out.
static GIVEN: AtomicUsize = AtomicUsize::new(0);

/// The most that the system takes in of long answers beyond [`UNSENT`] for each connection.
pub(super) fn all() -> usize {
    ALL.min(memory::limit() / 64)
}

/// Bounds what is taken in of a connection.
///
/// The system would take in megabytes for each client that does not read. Copying those holds
/// workers, and all connections of the machine share the memory there is for them: where it is used
/// up, those wait too that do read.
pub(super) fn bound(stream: &Stream) {
    set(stream, UNSENT);
}

/// What the system takes in of one long answer beyond [`UNSENT`], so that the process need not keep
/// it, nor be asked for it so often.
#[derive(Debug)]
pub(super) struct Share(usize);

impl Share {
    /// A share of what is left for all, in which later ones find something too.
    pub(super) fn take(stream: &Stream) -> Self {
        let all = all();
        let mut share = 0;
        let taken = GIVEN.fetch_update(Relaxed, Relaxed, |given| {
            share = share_of(all.saturating_sub(given));
            (share > 0).then_some(given + share)
        });
        if taken.is_err() {
            return Self(0);
        }
        set(stream, UNSENT + share);
        Self(share)
    }

    /// Gives it back; what is taken in already goes on its way.
    pub(super) fn give_back(self, stream: &Stream) {
        if self.0 > 0 {
            bound(stream);
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        GIVEN.fetch_sub(self.0, Relaxed);
    }
}

/// How much of what is left goes to the next.
fn share_of(left: usize) -> usize {
    match left / 16 {
        little if little < UNSENT => 0,
        share => share.min(MOST - UNSENT),
    }
}

/// Source: `TCP_NOTSENT_LOWAT` in `linux/tcp.h`, and `sk_stream_memory_free` of the kernel, which
/// asks it.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn set(stream: &Stream, bytes: usize) {
    let Stream::Tcp(stream) = stream else {
        return;
    };
    let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
    let bounded = socket2::SockRef::from(stream).set_tcp_notsent_lowat(bytes);
    if let Err(error) = bounded {
        tracing::debug!(%error, "the system takes in as much of an answer as it likes");
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn set(_: &Stream, _: usize) {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::ErrorKind;
    use std::time::Duration;

    use tokio::io::Interest;
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn everybody_finds_something_and_nobody_more_than_there_is() {
        let mut left = ALL;
        let shares: Vec<usize> = std::iter::from_fn(|| {
            let share = share_of(left);
            left = left.checked_sub(share).expect("no more than is left");
            (share > 0).then_some(share)
        })
        .take(1000)
        .collect();
        assert!(shares.len() > 40, "{shares:?}");
        assert!(shares.iter().all(|share| (UNSENT..MOST).contains(share)));
        assert_eq!(share_of(0), 0);
    }

    /// Writes as much as is taken in.
    async fn fill(stream: &Stream) -> usize {
        let Stream::Tcp(stream) = stream else {
            return 0;
        };
        let mut written = 0;
        loop {
            match stream.try_write(&[0; 16 << 10]) {
                Ok(bytes) => written += bytes,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return written,
                Err(error) => panic!("{error}"),
            }
        }
    }

    #[tokio::test]
    async fn a_share_wakes_who_writes_and_takes_in_more() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let address = listener.local_addr().expect("an address");
        // Who does not read.
        let _client = TcpStream::connect(address).await.expect("a connection");
        let (stream, _) = listener.accept().await.expect("a connection");
        let stream = Stream::Tcp(stream);
        bound(&stream);
        // What the client's side takes in goes there first.
        let mut settled = fill(&stream).await;
        while settled > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            settled = fill(&stream).await;
        }
        let share = Share::take(&stream);
        assert!(share.0 > 0);
        let Stream::Tcp(socket) = &stream else {
            unreachable!("it is one");
        };
        let woken = socket.ready(Interest::WRITABLE);
        let woken = tokio::time::timeout(Duration::from_secs(20), woken).await;
        woken.expect("in time").expect("woken");
        assert!(fill(&stream).await > UNSENT);
        share.give_back(&stream);
    }
}
