//! Handing over to a successor: the program is started anew with the sockets of this one, and once
//! it takes connections this one takes none any more.
//!
//! Both have the same sockets, so that nothing that waits there is lost. The successor finds them as
//! a service of systemd does (`LISTEN_FDS`). Sockets of its own on the same address (`SO_REUSEPORT`)
//! would not do: what waits at the old ones when they are closed is reset.
//!
//! Source: sd_listen_fds(3), sd_notify(3).

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::OnceLock;
use std::time::Duration;

use command_fds::{CommandFdExt as _, FdMapping};
use tempfile::TempDir;
use tokio::net::UnixDatagram;
use tokio::time::sleep;

use super::systemd::Purpose;

/// Says to a successor whom it follows, what is left to it, and at which socket it says that it is
/// ready, such as `17:service,management:/tmp/…`.
const VARIABLE: &str = "APLOMB_HANDOVER";
const READY: &[u8] = b"READY=1";

/// The first descriptor that is passed on.
const FIRST: i32 = 3;

/// How often it is looked whether a successor has ended instead.
const LOOK: Duration = Duration::from_millis(50);

/// What is handed over, and to what.
#[derive(Debug)]
pub(super) struct Handover {
    /// The program as it was named when it started: who comes next may be a newer one in its place.
    program: PathBuf,
    arguments: Vec<OsString>,
    sockets: Vec<HandedOver>,
}

/// A socket that is handed over.
#[derive(Debug)]
pub(crate) struct HandedOver {
    pub(crate) purpose: Purpose,
    pub(crate) socket: OwnedFd,
    /// Whether nobody but the successor has it then, so that what belongs to it, such as the path
    /// of a Unix socket, goes with the last.
    pub(crate) is_left: bool,
}

/// A process that has not said yet that it is ready; it is ended when this is dropped.
struct Starting(Option<Child>);

impl Handover {
    /// Keeps what a successor needs.
    ///
    /// # Errors
    /// When the system does not say what program this is.
    pub(super) fn new(sockets: Vec<HandedOver>) -> io::Result<Self> {
        Ok(Self {
            program: std::env::current_exe()?,
            arguments: std::env::args_os().skip(1).collect(),
            sockets,
        })
    }

    /// Starts a successor and waits until it takes connections; the number of its process.
    ///
    /// # Errors
    /// When it cannot be started, or ends before.
    pub(super) async fn start(&self) -> io::Result<u32> {
        let folder = tempfile::tempdir()?;
        let (said, path) = listen(&folder)?;
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env(VARIABLE, self.told(&path))
            .env("LISTEN_FDS", self.sockets.len().to_string())
            .env(Purpose::NAMES, names(self.sockets.iter(), ":"))
            .env_remove("LISTEN_PID")
            .env_remove("LISTEN_FDS_FIRST_FD");
        let copies = self.sockets.iter().zip(FIRST..).map(|(socket, child_fd)| {
            let parent_fd = socket.socket.try_clone()?;
            Ok(FdMapping {
                parent_fd,
                child_fd,
            })
        });
        command
            .fd_mappings(copies.collect::<io::Result<_>>()?)
            .map_err(io::Error::other)?;
        let mut starting = Starting(Some(command.spawn()?));
        drop(command);
        let mut message = [0; READY.len()];
        loop {
            tokio::select! {
                received = said.recv(&mut message) => {
                    if message[..received?] == *READY {
                        return starting.into_process();
                    }
                }
                () = sleep(LOOK) => starting.lives()?,
            }
        }
    }
}

impl Handover {
    /// What a successor is told.
    fn told(&self, path: &Path) -> OsString {
        let left = self.sockets.iter().filter(|socket| socket.is_left);
        let mut told = OsString::from(format!("{}:{}:", std::process::id(), names(left, ",")));
        told.push(path);
        told
    }
}

fn names<'s>(sockets: impl Iterator<Item = &'s HandedOver>, between: &str) -> String {
    let names: Vec<_> = sockets.map(|socket| socket.purpose.name()).collect();
    names.join(between)
}

fn listen(folder: &TempDir) -> io::Result<(UnixDatagram, PathBuf)> {
    let path = folder.path().join("ready");
    Ok((UnixDatagram::bind(&path)?, path))
}

impl Starting {
    fn lives(&mut self) -> io::Result<()> {
        let Some(child) = &mut self.0 else {
            return Ok(());
        };
        match child.try_wait()? {
            None => Ok(()),
            Some(status) => {
                self.0 = None;
                Err(io::Error::other(format!("it ended with {status}")))
            }
        }
    }

    fn into_process(mut self) -> io::Result<u32> {
        let child = self.0.take();
        child
            .map(|child| child.id())
            .ok_or_else(|| io::Error::other("it ended"))
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// What this process was told by the one that it follows.
struct Told {
    left: String,
    path: PathBuf,
}

impl Told {
    /// What is in the environment, if it was meant for this process.
    fn read(text: &OsStr, parent: u32) -> Option<Self> {
        let mut parts = text.as_bytes().splitn(3, |byte| *byte == b':');
        let predecessor: u32 = str::from_utf8(parts.next()?).ok()?.parse().ok()?;
        let left = str::from_utf8(parts.next()?).ok()?.to_owned();
        let path = OsStr::from_bytes(parts.next()?).into();
        // A variable comes to all who are started below a successor, too.
        (predecessor == parent).then_some(Self { left, path })
    }

    fn get() -> Option<&'static Self> {
        static TOLD: OnceLock<Option<Told>> = OnceLock::new();
        let told = TOLD.get_or_init(|| {
            let text = std::env::var_os(VARIABLE)?;
            Self::read(&text, std::os::unix::process::parent_id())
        });
        told.as_ref()
    }
}

/// Whether this process takes over from another one.
pub(crate) fn is_successor() -> bool {
    Told::get().is_some()
}

/// Whether this process has the socket for this alone once it has taken over.
pub(super) fn leaves(purpose: Purpose) -> bool {
    let left = |told: &Told| told.left.split(',').any(|name| name == purpose.name());
    Told::get().is_some_and(left)
}

/// Tells the predecessor, if there is one, that connections are taken.
pub(super) fn ready() {
    let Some(Told { path, .. }) = Told::get() else {
        return;
    };
    let told =
        std::os::unix::net::UnixDatagram::unbound().and_then(|socket| socket.send_to(READY, path));
    if let Err(error) = told {
        tracing::warn!(%error, "the process that hands over was not told");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_child_of_the_predecessor_was_told() {
        let read = |text: &str, parent| Told::read(OsStr::new(text), parent);
        let told = read("17:service,management:/tmp/a:b/ready", 17).expect("told");
        assert_eq!(told.left, "service,management");
        assert_eq!(told.path, Path::new("/tmp/a:b/ready"));
        assert!(read("17:service:/tmp/ready", 18).is_none(), "a grandchild");
        for text in ["", "17", "17:service", "x:service:/tmp/ready"] {
            assert!(read(text, 17).is_none(), "{text}");
        }
    }
}
