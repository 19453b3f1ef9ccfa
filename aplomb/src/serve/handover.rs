//! Handing over to a successor: the program is started anew with the sockets of this one, and once
//! it takes connections this one takes none any more.
//!
//! Both have the same sockets, so that nothing that waits there is lost. The successor finds them as
//! a service of systemd does (`LISTEN_FDS`). Sockets of its own on the same address (`SO_REUSEPORT`)
//! would not do: what waits at the old ones when they are closed is reset.
//!
//! Source: sd_listen_fds(3), sd_notify(3).

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Duration;

use command_fds::{CommandFdExt as _, FdMapping};
use tempfile::TempDir;
use tokio::net::UnixDatagram;
use tokio::time::sleep;

/// Names the socket on which a successor says that it is ready.
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
    /// That of the service, and that of the management listener where there is one.
    sockets: Vec<OwnedFd>,
}

/// A process that has not said yet that it is ready; it is ended when this is dropped.
struct Starting(Option<Child>);

impl Handover {
    /// Keeps what a successor needs.
    ///
    /// # Errors
    /// When the system does not say what program this is.
    pub(super) fn new(sockets: Vec<OwnedFd>) -> io::Result<Self> {
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
            .env(VARIABLE, path)
            .env("LISTEN_FDS", self.sockets.len().to_string())
            .env_remove("LISTEN_PID")
            .env_remove("LISTEN_FDS_FIRST_FD");
        let copies = self.sockets.iter().zip(FIRST..).map(|(socket, child_fd)| {
            let parent_fd = socket.try_clone()?;
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

/// Whether this process takes over from another one.
pub(crate) fn is_successor() -> bool {
    std::env::var_os(VARIABLE).is_some()
}

/// Tells the predecessor, if there is one, that connections are taken.
pub(super) fn ready() {
    let Some(path) = std::env::var_os(VARIABLE) else {
        return;
    };
    let told =
        std::os::unix::net::UnixDatagram::unbound().and_then(|socket| socket.send_to(READY, path));
    if let Err(error) = told {
        tracing::warn!(%error, "the process that hands over was not told");
    }
}
