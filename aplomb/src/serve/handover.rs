//! Handing over to a successor: the program is started anew with the sockets of this one, and once
//! it takes connections this one takes none any more.
//!
//! Both have the same sockets, so that nothing that waits there is lost. The successor finds them as
//! a service of systemd does (`LISTEN_FDS`). Sockets of its own on the same address (`SO_REUSEPORT`)
//! would not do: what waits at the old ones when they are closed is reset.
//!
//! One more socket among them leads to the predecessor: a variable for that would come to all who
//! are started below a successor, too. `LISTEN_FDS` is taken out of the environment when the sockets
//! are taken, and without it the names that stay there (`LISTEN_FDNAMES`) say nothing.
//!
//! Source: sd_listen_fds(3), sd_notify(3).

#[cfg(unix)]
mod predecessor;
#[cfg(unix)]
mod successor;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

#[cfg(unix)]
pub(crate) use predecessor::is_successor;
#[cfg(unix)]
pub(super) use predecessor::{leaves, ready};

use super::listener::Descriptor;
use super::systemd::Purpose;

/// What a successor says once it takes connections.
#[cfg(unix)]
const READY: &[u8] = b"READY=1";

/// What is handed over, and to what.
#[derive(Debug)]
#[cfg_attr(not(unix), allow(dead_code, reason = "nobody can follow"))]
pub(super) struct Handover {
    /// The program as it was named when it started: who comes next may be a newer one in its place.
    program: PathBuf,
    arguments: Vec<OsString>,
    sockets: Vec<HandedOver>,
    /// How long a successor may take until it takes connections.
    patience: Duration,
}

/// A socket that is handed over.
#[derive(Debug)]
#[cfg_attr(not(unix), allow(dead_code, reason = "nobody can follow"))]
pub(crate) struct HandedOver {
    pub(crate) purpose: Purpose,
    pub(crate) socket: Descriptor,
    /// Whether nobody but the successor has it then, so that what belongs to it, such as the path
    /// of a Unix socket, goes with the last.
    pub(crate) is_left: bool,
}

impl Handover {
    /// Keeps what a successor needs.
    ///
    /// # Errors
    /// When the system does not say what program this is.
    pub(super) fn new(sockets: Vec<HandedOver>, patience: Duration) -> io::Result<Self> {
        Ok(Self {
            program: std::env::current_exe()?,
            arguments: std::env::args_os().skip(1).collect(),
            sockets,
            patience,
        })
    }

    /// Starts a successor and waits until it takes connections; the number of its process.
    ///
    /// # Errors
    /// When it cannot be started, ends before, or takes too long.
    #[cfg(unix)]
    pub(super) async fn start(&self) -> io::Result<u32> {
        successor::start(self).await
    }

    /// No signal asks for this here, where sockets are not inherited by their number.
    #[cfg(not(unix))]
    pub(super) async fn start(&self) -> io::Result<u32> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Whether this process takes over from another one.
#[cfg(not(unix))]
pub(crate) fn is_successor() -> bool {
    false
}

/// Whether this process has the socket for this alone once it has taken over.
#[cfg(not(unix))]
pub(super) fn leaves(_: Purpose) -> bool {
    false
}

/// Tells the predecessor, if there is one, that connections are taken.
#[cfg(not(unix))]
pub(super) fn ready() {}
