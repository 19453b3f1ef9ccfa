//! What systemd gives a service and is told by it: sockets, and how far it has come.
//!
//! Source: systemd.socket(5), sd_listen_fds(3), sd_notify(3).

use std::io;
use std::sync::{Mutex, PoisonError};

use listenfd::ListenFd;
use sd_notify::NotifyState;

use super::listener::Listening;

/// The sockets that nobody has taken yet, once somebody has asked.
static GIVEN: Mutex<Option<ListenFd>> = Mutex::new(None);

/// The socket at this place among those that this process was started with, if it was.
///
/// Whoever opened it keeps it open while the service is restarted, so that no connection is refused.
///
/// # Errors
/// When what was given is no stream socket that listens.
pub(super) fn inherited(place: usize) -> io::Result<Option<Listening>> {
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    let given = given.get_or_insert_with(ListenFd::from_env);
    if given.len() <= place {
        return Ok(None);
    }
    if let Ok(Some(listener)) = given.take_tcp_listener(place) {
        return Ok(Some(Listening::Tcp(listener)));
    }
    #[cfg(unix)]
    if let Some(listener) = given.take_unix_listener(place)? {
        return Ok(Some(Listening::Unix(listener)));
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        "the socket in LISTEN_FDS is neither a TCP nor a Unix listener",
    ))
}

/// Tells that requests are taken.
pub(super) fn ready() {
    tell(NotifyState::Ready);
}

/// Tells that the service comes to its end.
pub(super) fn stopping() {
    tell(NotifyState::Stopping);
}

/// Tells which process serves from now on.
pub(super) fn succeeded_by(process: u32) {
    tell(NotifyState::MainPid(process));
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd was not told");
    }
}
