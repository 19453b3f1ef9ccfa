//! A process that is to take over, until it has done so.

use std::io;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command};
use std::time::Duration;

use command_fds::{CommandFdExt as _, FdMapping};
use tokio::time::{sleep, timeout};

use super::{HandedOver, Handover, READY};
use crate::serve::systemd::Purpose;

/// The first descriptor that is passed on.
const FIRST: i32 = 3;

/// How often it is looked whether a successor has ended instead.
const LOOK: Duration = Duration::from_millis(50);

/// A process that has not said yet that it is ready; it is ended when this is dropped.
struct Starting(Option<Child>);

/// Starts a successor and waits until it takes connections; the number of its process.
pub(super) async fn start(handover: &Handover) -> io::Result<u32> {
    let (own, passed_on) = UnixDatagram::pair()?;
    // It waits there for the successor.
    own.send(left(&handover.sockets).as_bytes())?;
    own.set_nonblocking(true)?;
    let own = tokio::net::UnixDatagram::from_std(own)?;

    let purposes = handover.sockets.iter().map(|socket| socket.purpose);
    let names: Vec<_> = purposes
        .chain([Purpose::Predecessor])
        .map(Purpose::name)
        .collect();
    let mut command = Command::new(&handover.program);
    command
        .args(&handover.arguments)
        .env("LISTEN_FDS", names.len().to_string())
        .env(Purpose::NAMES, names.join(":"))
        .env_remove("LISTEN_PID")
        .env_remove("LISTEN_FDS_FIRST_FD");
    let sockets = handover.sockets.iter();
    let copies = sockets.map(|socket| socket.socket.try_clone());
    let copies = copies.chain([Ok(passed_on.into())]).zip(FIRST..);
    let mappings = copies.map(|(parent_fd, child_fd)| {
        Ok(FdMapping {
            parent_fd: parent_fd?,
            child_fd,
        })
    });
    command
        .fd_mappings(mappings.collect::<io::Result<_>>()?)
        .map_err(io::Error::other)?;
    let mut starting = Starting(Some(command.spawn()?));
    drop(command);

    let mut message = [0; READY.len()];
    let ready = async {
        loop {
            tokio::select! {
                received = own.recv(&mut message) => {
                    if message[..received?] == *READY {
                        return Ok(());
                    }
                }
                () = sleep(LOOK) => starting.lives()?,
            }
        }
    };
    match timeout(handover.patience, ready).await {
        Ok(ready) => ready.and_then(|()| starting.into_process()),
        Err(_) => {
            let seconds = handover.patience.as_secs_f64();
            let late = format!("it takes no connections after {seconds} s, and is ended");
            Err(io::Error::new(io::ErrorKind::TimedOut, late))
        }
    }
}

/// What the successor has alone then.
fn left(sockets: &[HandedOver]) -> String {
    let left = sockets.iter().filter(|socket| socket.is_left);
    let names: Vec<_> = left.map(|socket| socket.purpose.name()).collect();
    names.join(",")
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
