//! slow: how long a server bears with clients that are slow in one way.
//!
//! COUNT connections, RATE of them opened a second, each slow as KIND says. One that is closed within
//! LIMIT + LATE seconds of its last sign of progress was closed in time. KIND is one of
//! `head` (a byte of it a second), `no-body` (a head that announces one), `body` (a byte a second),
//! `unread` (never reads of the answer, which has LENGTH bytes), `idle` (one request and no other).
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use loadtool::{http1, socket};

/// How often a byte is sent.
const DRIBBLE: Duration = Duration::from_secs(1);

/// What the kernel takes in for a client that does not read.
const RECEIVE_BUFFER: i32 = 4096;

/// How long the rest of an answer is read that was given up.
const REST: Duration = Duration::from_secs(10);

struct Client {
    /// None once it is closed: the kernel would tell of that again and again.
    stream: Option<TcpStream>,
    opening: bool,
    /// When it last got on: it was opened, or had its answer.
    since: Instant,
    dribbled: Instant,
    /// How long after that it was closed.
    closed: Option<Duration>,
}

struct Attack {
    kind: String,
    port: u16,
    count: usize,
    rate: f64,
    /// From when on a client that is still open is too late.
    bound: Duration,
    request: Vec<u8>,
    length: u64,
}

impl Attack {
    fn of_arguments() -> Option<Self> {
        let arguments: Vec<String> = std::env::args().collect();
        let [_, port, kind, count, rate, limit, late, path, length] = &arguments[..] else {
            return None;
        };
        let seconds: f64 = limit.parse::<f64>().ok()? + late.parse::<f64>().ok()?;
        let request = match kind.as_str() {
            "head" => b"G".to_vec(),
            "no-body" | "body" => format!(
                "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
                 Content-Length: 10000\r\n\r\n"
            )
            .into_bytes(),
            "unread" | "idle" => http1::request(path, false),
            _ => return None,
        };
        Some(Self {
            kind: kind.clone(),
            port: port.parse().ok()?,
            count: count.parse().ok()?,
            rate: rate.parse().ok()?,
            bound: Duration::from_secs_f64(seconds),
            request,
            length: length.parse().ok()?,
        })
    }

    fn dribbles(&self) -> bool {
        matches!(self.kind.as_str(), "head" | "body")
    }

    /// Opens them, and is slow with each until it is closed or too late.
    fn run(&self) -> (Vec<Client>, usize) {
        let buffer = (self.kind == "unread").then_some(RECEIVE_BUFFER);
        let mut poll = socket::Poll::default();
        let mut clients: Vec<Client> = Vec::with_capacity(self.count);
        let mut place = std::collections::HashMap::new();
        let (mut tried, mut refused) = (0, 0);
        let start = Instant::now();
        loop {
            let due = (start.elapsed().as_secs_f64() * self.rate) as usize;
            while tried < self.count.min(due + 1) {
                tried += 1;
                let Ok(stream) = socket::connect(self.port, buffer) else {
                    refused += 1;
                    continue;
                };
                let (fd, now) = (stream.as_raw_fd(), Instant::now());
                poll.add(fd, socket::WRITE);
                place.insert(fd, clients.len());
                clients.push(Client {
                    stream: Some(stream),
                    opening: true,
                    since: now,
                    dribbled: now,
                    closed: None,
                });
            }
            let ready: Vec<i32> = poll
                .wait(Duration::from_millis(5))
                .map(|(fd, _)| fd)
                .collect();
            for fd in ready {
                let client = &mut clients[place[&fd]];
                let opened = client.opening;
                if self.is_closed(client) {
                    client.closed = Some(client.since.elapsed());
                    client.stream = None;
                } else if opened {
                    // Of what is not to be read only that it was reset is told.
                    poll.change(
                        fd,
                        if self.kind == "unread" {
                            0
                        } else {
                            socket::READ
                        },
                    );
                }
            }
            let open = || clients.iter().filter(|client| client.closed.is_none());
            let late = |client: &Client| client.since.elapsed() > self.bound;
            if tried == self.count && open().all(late) {
                return (clients, refused);
            }
            if self.dribbles() {
                for client in &mut clients {
                    if !client.opening && client.dribbled.elapsed() > DRIBBLE {
                        client.dribbled = Instant::now();
                        // That it is closed is seen when it is read.
                        let _ = client.stream.as_mut().map(|stream| stream.write(b"x"));
                    }
                }
            }
        }
    }

    /// Sends what opens the request, or looks what has come; whether it is closed.
    fn is_closed(&self, client: &mut Client) -> bool {
        let Some(stream) = &mut client.stream else {
            return false;
        };
        let now = Instant::now();
        if client.opening {
            (client.since, client.dribbled, client.opening) = (now, now, false);
            // Some hundred bytes: they go whole or not at all.
            return stream.write(&self.request).is_err();
        }
        if self.kind == "unread" {
            return true;
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer) {
            Ok(0) => true,
            Ok(_) => {
                // The answer, after which the connection is idle.
                client.since = now;
                false
            }
            Err(error) => error.kind() != ErrorKind::WouldBlock,
        }
    }

    /// Whether an answer that nobody read was given up: what the kernel still has of it ends before
    /// the answer does.
    fn was_given_up(&self, mut stream: TcpStream) -> bool {
        let mut buffer = vec![0; 1 << 16];
        let mut bytes = 0;
        // Blocking: what is left comes at once.
        let _ = stream.set_nonblocking(false);
        let _ = stream.set_read_timeout(Some(REST));
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => return bytes < self.length,
                Ok(count) => bytes += count as u64,
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    return false;
                }
                Err(_) => return bytes < self.length,
            }
        }
    }
}

fn main() {
    let Some(attack) = Attack::of_arguments() else {
        eprintln!("usage: slow PORT KIND COUNT RATE LIMIT LATE PATH LENGTH");
        std::process::exit(2);
    };
    socket::many_files();
    let (mut clients, refused) = attack.run();
    let (mut closed, mut open, mut most) = (0, 0, Duration::ZERO);
    for client in &mut clients {
        if let Some(stream) = client.stream.take()
            && attack.kind == "unread"
            && attack.was_given_up(stream)
        {
            client.closed = Some(Duration::ZERO);
        }
        match client.closed {
            Some(after) if after <= attack.bound => {
                closed += 1;
                most = most.max(after);
            }
            _ => open += 1,
        }
    }
    println!(
        "{}",
        serde_json::json!({
            "clients": attack.count, "closed": closed, "open": open, "refused": refused,
            // Of an answer that is not read nobody sees when it was given up.
            "longest_s": (attack.kind != "unread").then_some(most.as_secs_f64()),
        })
    );
}
