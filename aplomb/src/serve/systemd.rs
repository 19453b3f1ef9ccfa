//! What systemd gives a service and is told by it: sockets, and how far it has come.
//!
//! Source: systemd.socket(5), sd_listen_fds(3), sd_notify(3).

use std::io;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use listenfd::ListenFd;
#[cfg(unix)]
use sd_notify::NotifyState;

use super::listener::Listening;

/// What a socket is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Service,
    Management,
    /// Whoever is told there takes over.
    Predecessor,
}

impl Purpose {
    /// What says which socket is which.
    pub(super) const NAMES: &str = "LISTEN_FDNAMES";

    /// What sockets for this are called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Management => "management",
            Self::Predecessor => "aplomb.predecessor",
        }
    }

    /// Where the socket for this is among so many: that called `management` is the management
    /// listener's and the first other one the service's, and without names the first is the
    /// service's and the second the management listener's.
    fn place(self, count: usize, names: &str) -> Option<usize> {
        let mut names: Vec<&str> = names.split(':').take(count).collect();
        names.resize(count, "");
        let called = |purpose: Self| names.iter().position(|name| *name == purpose.name());
        let (management, predecessor) = (called(Self::Management), called(Self::Predecessor));
        let mut others =
            (0..count).filter(|place| ![management, predecessor].contains(&Some(*place)));
        match self {
            Self::Service => others.next(),
            Self::Management => management.or_else(|| others.nth(1)),
            Self::Predecessor => predecessor,
        }
    }
}

/// The sockets that this process was started with and nobody has taken yet.
///
/// Whoever opened them keeps them open while the service is restarted, so that no connection is
/// refused.
struct Given {
    listening: Vec<Option<Listening>>,
    names: String,
    #[cfg(unix)]
    predecessor: Option<std::os::unix::net::UnixDatagram>,
}

impl Given {
    /// Takes all at once, so that no process that the service starts has them too.
    fn of_environment() -> Self {
        let mut given = ListenFd::from_env();
        let names = std::env::var(Purpose::NAMES).unwrap_or_default();
        #[cfg(unix)]
        let predecessor = {
            let place = Purpose::Predecessor.place(given.len(), &names);
            place.and_then(|place| given.take_unix_datagram(place).ok()?)
        };
        Self {
            listening: (0..given.len())
                .map(|place| listening(&mut given, place))
                .collect(),
            names,
            #[cfg(unix)]
            predecessor,
        }
    }

    fn get() -> MutexGuard<'static, Self> {
        static GIVEN: OnceLock<Mutex<Given>> = OnceLock::new();
        let given = GIVEN.get_or_init(|| Mutex::new(Self::of_environment()));
        given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A socket, if it is one at which connections arrive.
fn listening(given: &mut ListenFd, place: usize) -> Option<Listening> {
    if let Ok(Some(listener)) = given.take_tcp_listener(place) {
        return Some(Listening::Tcp(listener));
    }
    #[cfg(unix)]
    if let Ok(Some(listener)) = given.take_unix_listener(place) {
        return Some(Listening::Unix(listener));
    }
    None
}

/// The socket for this among those that this process was started with, if there is one.
///
/// # Errors
/// When what was given is no stream socket that listens.
pub(super) fn inherited(purpose: Purpose) -> io::Result<Option<Listening>> {
    let mut given = Given::get();
    let Some(place) = purpose.place(given.listening.len(), &given.names) else {
        return Ok(None);
    };
    let listening = given.listening.get_mut(place).and_then(Option::take);
    listening.map(Some).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "the socket in LISTEN_FDS is neither a TCP nor a Unix listener",
        )
    })
}

/// The socket to the process that this one takes over from, once.
#[cfg(unix)]
pub(super) fn predecessor() -> Option<std::os::unix::net::UnixDatagram> {
    Given::get().predecessor.take()
}

/// Tells that requests are taken.
pub(super) fn ready() {
    #[cfg(unix)]
    tell(NotifyState::Ready);
}

/// Tells that the service comes to its end.
pub(super) fn stopping() {
    #[cfg(unix)]
    tell(NotifyState::Stopping);
}

/// Tells which process serves from now on.
pub(super) fn succeeded_by(process: u32) {
    #[cfg(unix)]
    tell(NotifyState::MainPid(process));
    #[cfg(not(unix))]
    let _ = process;
}

#[cfg(unix)]
fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd was not told");
    }
}

#[cfg(test)]
mod tests {
    use super::Purpose::{Management, Predecessor, Service};

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
            assert_eq!(Predecessor.place(count, names), None, "{count} {names}");
        }
    }

    #[test]
    fn a_predecessor_takes_no_place_of_others() {
        let names = "service:management:aplomb.predecessor";
        let purposes = [Service, Management, Predecessor];
        assert_eq!(
            purposes.map(|purpose| purpose.place(3, names)),
            [Some(0), Some(1), Some(2)]
        );
        let names = "service:aplomb.predecessor";
        assert_eq!(
            purposes.map(|purpose| purpose.place(2, names)),
            [Some(0), None, Some(1)]
        );
    }
}
