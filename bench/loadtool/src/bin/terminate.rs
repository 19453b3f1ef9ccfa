//! terminate: what is lost when a server is told to end under load.
//!
//! CLIENTS keep-alive connections, each with one request after the other. After AFTER seconds the
//! process PID gets SIGTERM. A request that was sent on an open connection, and whose connection
//! ended without its answer, is lost. Nobody opens a new connection: those go elsewhere.
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use loadtool::{http1, socket};

/// How long a server may take to end.
const PATIENCE: Duration = Duration::from_secs(40);

struct Client {
    /// None once it is closed.
    stream: Option<TcpStream>,
    reader: http1::Reader,
    /// A request is out.
    waits: bool,
}

fn has_ended(pidfd: i32) -> bool {
    let mut polled = libc::pollfd {
        fd: pidfd,
        events: libc::POLLIN,
        revents: 0,
    };
    unsafe { libc::poll(&mut polled, 1, 0) == 1 }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, port, pid, clients, path, after] = &arguments[..] else {
        eprintln!("usage: terminate PORT PID CLIENTS PATH AFTER");
        std::process::exit(2);
    };
    let (port, pid): (u16, i32) = (port.parse().expect("port"), pid.parse().expect("pid"));
    let (clients, after): (usize, f64) = (
        clients.parse().expect("clients"),
        after.parse().expect("seconds"),
    );
    let request = http1::request(path, false);
    socket::many_files();
    let pidfd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) } as i32;
    let mut poll = socket::Poll::default();
    let mut all: Vec<(i32, Client)> = (0..clients)
        .map(|_| {
            let stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
            stream.set_nodelay(true).expect("no delay");
            stream.set_nonblocking(true).expect("not blocking");
            let fd = stream.as_raw_fd();
            poll.add(fd, socket::READ);
            (
                fd,
                Client {
                    stream: Some(stream),
                    reader: http1::Reader::default(),
                    waits: false,
                },
            )
        })
        .collect();
    let place: std::collections::HashMap<i32, usize> = all
        .iter()
        .enumerate()
        .map(|(place, (fd, _))| (*fd, place))
        .collect();
    let (mut before, mut afterwards, mut refused, mut lost, mut said) =
        (0u64, 0u64, 0u64, 0u64, 0u64);
    let ask = |client: &mut Client| {
        // A request is a few dozen bytes: it goes whole or not at all.
        let sent = client.stream.as_mut().map(|stream| stream.write(&request));
        client.waits = matches!(sent, Some(Ok(sent)) if sent == request.len());
        if !client.waits {
            client.stream = None;
        }
    };
    let start = Instant::now();
    all.iter_mut().for_each(|(_, client)| ask(client));
    let mut buffer = vec![0u8; 1 << 16];
    let (mut told, mut gone): (Option<Instant>, Option<Duration>) = (None, None);
    loop {
        if told.is_none() && start.elapsed().as_secs_f64() >= after {
            unsafe { libc::kill(pid, libc::SIGTERM) };
            told = Some(Instant::now());
        }
        if let Some(told) = told {
            if gone.is_none() && has_ended(pidfd) {
                gone = Some(told.elapsed());
            }
            let open = all.iter().any(|(_, client)| client.stream.is_some());
            if gone.is_some() && !open || told.elapsed() > PATIENCE {
                break;
            }
        }
        let ready: Vec<i32> = poll
            .wait(Duration::from_millis(1))
            .map(|(fd, _)| fd)
            .collect();
        for fd in ready {
            let client = &mut all[place[&fd]].1;
            let Some(stream) = &mut client.stream else {
                continue;
            };
            let ended = match stream.read(&mut buffer) {
                Ok(0) => true,
                Ok(count) => {
                    if client.reader.feed(&mut &buffer[..count]) {
                        client.waits = false;
                        match (client.reader.status, told) {
                            (200, None) => before += 1,
                            (200, Some(_)) => afterwards += 1,
                            _ => refused += 1,
                        }
                        if client.reader.closes {
                            said += 1;
                            client.stream = None;
                        } else {
                            ask(client);
                        }
                    }
                    false
                }
                Err(error) => error.kind() != ErrorKind::WouldBlock,
            };
            if ended {
                lost += u64::from(client.waits);
                client.stream = None;
            }
        }
    }
    let cut = all
        .iter()
        .filter(|(_, client)| client.stream.is_some())
        .count();
    println!(
        "{}",
        serde_json::json!({
            "clients": clients, "answered_before": before, "answered_after": afterwards, "refused": refused,
            "lost": lost, "closed_by_word": said, "still_open": cut,
            "exit_ms": gone.map(|gone| (gone.as_secs_f64() * 1e4).round() / 10.0),
        })
    );
}
