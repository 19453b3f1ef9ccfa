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

/// What a socket is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Service,
    Management,
}

impl Purpose {
    /// What says which socket is which.
    pub(super) const NAMES: &str = "LISTEN_FDNAMES";

    /// What sockets for this are called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Management => "management",
        }
    }

    /// Where the socket for this is among so many: that called `management` is the management
    /// listener's and the first other one the service's, and without names the first is the
    /// service's and the second the management listener's.
    fn place(self, count: usize, names: &str) -> Option<usize> {
        let mut names: Vec<&str> = names.split(':').take(count).collect();
        names.resize(count, "");
        let management = names
            .iter()
            .position(|name| *name == Self::Management.name());
        let place = match (self, management) {
            (Self::Service, None) => Some(0),
            (Self::Management, None) => Some(1),
            (Self::Management, named) => named,
            (Self::Service, Some(_)) => {
                let mut names = names.iter();
                names.position(|name| *name != Self::Management.name())
            }
        };
        place.filter(|place| *place < count)
    }
}

/// The socket for this among those that this process was started with, if there is one.
///
/// Whoever opened it keeps it open while the service is restarted, so that no connection is refused.
///
/// # Errors
/// When what was given is no stream socket that listens.
pub(super) fn inherited(purpose: Purpose) -> io::Result<Option<Listening>> {
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    let given = given.get_or_insert_with(ListenFd::from_env);
    let names = std::env::var(Purpose::NAMES).unwrap_or_default();
    let Some(place) = purpose.place(given.len(), &names) else {
        return Ok(None);
    };
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

#[cfg(test)]
mod tests {
    use super::Purpose::{Management, Service};

    #[test]
    fn a_socket_is_found_by_its_name_and_else_by_its_place() {
        for (count, names, service, management) in [
            (0, "", None, None),
            (1, "", Some(0), None),
            (2, "", Some(0), Some(1)),
            (2, "shop.socket:shop.socket", Some(0), Some(1)),
            (2, "service:management", Some(0), Some(1)),
            (2, "management:shop.socket", Some(1), Some(0)),
            (3, "shop.socket:shop.socket:management", Some(0), Some(2)),
            (1, "management", None, Some(0)),
            (2, "management", Some(1), Some(0)),
            (1, "shop.socket:management", Some(0), None),
        ] {
            assert_eq!(Service.place(count, names), service, "{count} {names}");
            assert_eq!(
                Management.place(count, names),
                management,
                "{count} {names}"
            );
        }
    }
}
