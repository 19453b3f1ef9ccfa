//! The process that this one takes over from, if there is one.

use std::io;
use std::os::unix::net::UnixDatagram;
use std::sync::OnceLock;

use super::READY;
use crate::serve::systemd::{self, Purpose};

/// Who waits until this process takes connections.
struct Predecessor {
    socket: UnixDatagram,
    /// The names of what it leaves to this process alone.
    left: String,
}

impl Predecessor {
    /// Hears what was said before this process was started.
    fn hear(socket: UnixDatagram) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        let mut left = [0; 256];
        let length = socket.recv(&mut left)?;
        let left = String::from_utf8_lossy(&left[..length]).into_owned();
        Ok(Self { socket, left })
    }

    fn get() -> Option<&'static Self> {
        static PREDECESSOR: OnceLock<Option<Predecessor>> = OnceLock::new();
        let predecessor = PREDECESSOR.get_or_init(|| {
            let heard = Self::hear(systemd::predecessor()?);
            heard
                .inspect_err(|error| tracing::warn!(%error, "no process is followed"))
                .ok()
        });
        predecessor.as_ref()
    }
}

/// Whether this process takes over from another one.
pub(crate) fn is_successor() -> bool {
    Predecessor::get().is_some()
}

/// Whether this process has the socket for this alone once it has taken over.
pub(in crate::serve) fn leaves(purpose: Purpose) -> bool {
    let leaves = |before: &Predecessor| before.left.split(',').any(|name| name == purpose.name());
    Predecessor::get().is_some_and(leaves)
}

/// Tells the predecessor, if there is one, that connections are taken.
pub(in crate::serve) fn ready() {
    let Some(predecessor) = Predecessor::get() else {
        return;
    };
    if let Err(error) = predecessor.socket.send(READY) {
        tracing::warn!(%error, "the process that hands over was not told");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_before_the_start_is_heard() {
        let (other, own) = UnixDatagram::pair().expect("a pair");
        other.send(b"service,management").expect("sent");
        let predecessor = Predecessor::hear(own).expect("heard");
        assert_eq!(predecessor.left, "service,management");
        let (_other, own) = UnixDatagram::pair().expect("a pair");
        assert!(Predecessor::hear(own).is_err(), "nobody waits there");
    }
}
