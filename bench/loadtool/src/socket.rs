//! Sockets and threads as the kernel sees them.
use std::io;
use std::net::TcpStream;
use std::os::fd::FromRawFd;
use std::time::Duration;

/// Gives this thread a real-time priority, if it may have one.
pub fn real_time(priority: i32) -> bool {
    let wanted = libc::sched_param {
        sched_priority: priority,
    };
    unsafe { libc::sched_setscheduler(0, libc::SCHED_FIFO, &wanted) == 0 }
}

/// Allows as many open files as the hard limit does.
pub fn many_files() {
    unsafe {
        let mut limit: libc::rlimit = std::mem::zeroed();
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &limit);
        }
    }
}

/// Begins to connect; `receive_buffer` bounds what the kernel takes in before it is read.
pub fn connect(port: u16, receive_buffer: Option<i32>) -> io::Result<TcpStream> {
    unsafe {
        let fd = libc::socket(
            libc::AF_INET,
            libc::SOCK_STREAM | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC,
            0,
        );
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        let stream = TcpStream::from_raw_fd(fd);
        if let Some(bytes) = receive_buffer {
            let size = size_of::<i32>() as u32;
            libc::setsockopt(
                fd,
                libc::SOL_SOCKET,
                libc::SO_RCVBUF,
                (&raw const bytes).cast(),
                size,
            );
        }
        let mut address: libc::sockaddr_in = std::mem::zeroed();
        address.sin_family = libc::AF_INET as u16;
        address.sin_port = port.to_be();
        address.sin_addr.s_addr = u32::from_ne_bytes([127, 0, 0, 1]);
        let size = size_of::<libc::sockaddr_in>() as u32;
        if libc::connect(fd, (&raw const address).cast(), size) < 0 {
            let error = io::Error::last_os_error();
            if error.raw_os_error() != Some(libc::EINPROGRESS) {
                return Err(error);
            }
        }
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// What has happened to watched files.
pub struct Poll {
    fd: i32,
    events: Vec<libc::epoll_event>,
}

pub const READ: u32 = libc::EPOLLIN as u32;
pub const WRITE: u32 = libc::EPOLLOUT as u32;

impl Default for Poll {
    fn default() -> Self {
        let fd = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
        Self {
            fd,
            events: vec![libc::epoll_event { events: 0, u64: 0 }; 512],
        }
    }
}

impl Poll {
    pub fn add(&self, fd: i32, events: u32) {
        self.control(libc::EPOLL_CTL_ADD, fd, events);
    }

    pub fn change(&self, fd: i32, events: u32) {
        self.control(libc::EPOLL_CTL_MOD, fd, events);
    }

    fn control(&self, operation: i32, fd: i32, events: u32) {
        let mut event = libc::epoll_event {
            events,
            u64: fd as u64,
        };
        unsafe { libc::epoll_ctl(self.fd, operation, fd, &mut event) };
    }

    /// Waits, to the nanosecond; the file and what it is ready for.
    pub fn wait(&mut self, most: Duration) -> impl Iterator<Item = (i32, u32)> + '_ {
        let most = libc::timespec {
            tv_sec: most.as_secs() as i64,
            tv_nsec: i64::from(most.subsec_nanos()),
        };
        let ready = unsafe {
            let (events, room) = (self.events.as_mut_ptr(), self.events.len());
            libc::syscall(
                libc::SYS_epoll_pwait2,
                self.fd,
                events,
                room,
                &raw const most,
                0,
                0,
            )
        };
        self.events[..ready.max(0) as usize]
            .iter()
            .map(|event| (event.u64 as i32, event.events))
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        unsafe { libc::close(self.fd) };
    }
}
