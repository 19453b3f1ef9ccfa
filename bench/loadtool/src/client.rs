//! One thread of the client: its connections, and the requests its sources want sent.
use std::collections::{HashMap, VecDeque};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use crate::plan::{Source, Thread};
use crate::samples::{Outcome, Sample};
use crate::{http1, http2, socket};

/// How often requests that wait too long are looked for.
const CHECK: f64 = 0.02;
/// How often connections of a slow reader are read.
const SIP: f64 = 0.02;
/// What a slow reader's kernel takes in before it reads.
const SMALL_BUFFER: i32 = 128 << 10;
/// HTTP/2 streams at a time on one connection.
const STREAMS: usize = 100;

enum Wire {
    Http1(http1::Reader),
    Http2(http2::Session),
}

struct Connection {
    stream: TcpStream,
    wire: Wire,
    unsent: Vec<u8>,
    waits_to_write: bool,
    asked: Vec<Asked>,
    /// Takes no further request.
    last: bool,
}

struct Asked {
    stream: u32,
    source: usize,
    due: f64,
}

/// How far a source has come.
struct Progress {
    source: Source,
    samples: Vec<Sample>,
    issued: usize,
    /// When callers that are free want to ask again.
    free: VecDeque<f64>,
    next_path: usize,
}

pub struct Client<'a> {
    port: u16,
    start: Instant,
    thread: &'a Thread,
    poll: socket::Poll,
    connections: HashMap<i32, Connection>,
    idle: VecDeque<i32>,
    sources: Vec<Progress>,
    buffer: Vec<u8>,
}

/// Samples by source.
pub fn run(port: u16, thread: &Thread, start: Instant) -> Vec<(String, Vec<Sample>)> {
    if thread.priority > 0 && !socket::real_time(thread.priority) {
        eprintln!("no real-time priority here: what is measured includes the client's own waits");
    }
    let mut client = Client::new(port, thread, start);
    client.run();
    client
        .sources
        .into_iter()
        .map(|progress| (progress.source.name, progress.samples))
        .collect()
}

impl<'a> Client<'a> {
    fn new(port: u16, thread: &'a Thread, start: Instant) -> Self {
        let progress = |source: &Source| Progress {
            samples: Vec::new(),
            issued: 0,
            free: (0..source.callers).map(|_| source.from).collect(),
            next_path: 0,
            source: Source {
                paths: source.paths.clone(),
                name: source.name.clone(),
                ..*source
            },
        };
        Self {
            port,
            start,
            thread,
            poll: socket::Poll::default(),
            connections: HashMap::new(),
            idle: VecDeque::new(),
            sources: thread.sources.iter().map(progress).collect(),
            buffer: vec![0; 1 << 18],
        }
    }

    fn now(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn run(&mut self) {
        for _ in 0..self.thread.connections {
            if let Some(fd) = self.connect(false) {
                self.idle.push_back(fd);
            }
        }
        let (mut check, mut sip) = (0.0, 0.0);
        loop {
            let now = self.now();
            if now >= check {
                self.give_up(now);
                check = now + CHECK;
            }
            if self.thread.read_rate.is_some() && now >= sip {
                self.sip();
                sip = now + SIP;
            }
            let next = self.issue(now);
            let busy =
                |p: &Progress| now < p.source.to || p.source.rate.is_some() && self.has_asked();
            if !self.sources.iter().any(busy) {
                return;
            }
            let mut until = next.min(check);
            if self.thread.read_rate.is_some() {
                until = until.min(sip);
            }
            let wait = Duration::from_secs_f64((until - self.now()).max(0.0));
            let ready: Vec<(i32, u32)> = self.poll.wait(wait).collect();
            for (fd, events) in ready {
                if events & socket::WRITE > 0 {
                    self.write(fd);
                }
                let sips = self.thread.read_rate.is_some() && events & socket::READ == 0;
                if events & !socket::WRITE > 0 && !sips {
                    self.read(fd, usize::MAX);
                }
            }
        }
    }

    fn has_asked(&self) -> bool {
        self.connections
            .values()
            .any(|connection| !connection.asked.is_empty())
    }

    /// Sends what is due; when the next is.
    fn issue(&mut self, now: f64) -> f64 {
        let mut next = f64::INFINITY;
        for index in 0..self.sources.len() {
            loop {
                let progress = &mut self.sources[index];
                let due = match progress.source.rate {
                    Some(rate) => progress.source.from + progress.issued as f64 / rate,
                    None => progress.free.front().copied().unwrap_or(f64::INFINITY),
                };
                if due >= progress.source.to {
                    next = next.min(progress.source.to.max(now));
                    break;
                }
                if due > now {
                    next = next.min(due);
                    break;
                }
                progress.issued += 1;
                progress.free.pop_front();
                // A caller asks when it is free; only a fixed rate can be late.
                let due = if progress.source.rate.is_some() {
                    due
                } else {
                    now
                };
                self.ask(index, due);
            }
        }
        next
    }

    fn ask(&mut self, source: usize, due: f64) {
        let progress = &mut self.sources[source];
        let patience = progress.source.timeout_ms / 1e3;
        if self.start.elapsed().as_secs_f64() - due > patience {
            self.settle(source, due, due + patience, Outcome::TimedOut);
            return;
        }
        let path = progress.source.paths[progress.next_path % progress.source.paths.len()].clone();
        progress.next_path += 1;
        let fresh = progress.source.fresh && !self.thread.http2;
        let found = if fresh {
            self.connect(true)
        } else {
            self.idle_connection()
        };
        let Some(fd) = found else {
            self.settle(source, due, due.max(self.now()), Outcome::Broken);
            return;
        };
        let Some(connection) = self.connections.get_mut(&fd) else {
            return;
        };
        let stream = match &mut connection.wire {
            Wire::Http1(_) => {
                connection.unsent.extend(http1::request(&path, fresh));
                0
            }
            Wire::Http2(session) => session.request(&path, &mut connection.unsent),
        };
        connection.asked.push(Asked {
            stream,
            source,
            due,
        });
        if self.thread.http2 {
            self.idle.push_back(fd);
        }
        self.write(fd);
    }

    fn idle_connection(&mut self) -> Option<i32> {
        let limit = if self.thread.http2 { STREAMS } else { 1 };
        for _ in 0..self.idle.len() {
            let fd = self.idle.pop_front()?;
            match self.connections.get(&fd) {
                Some(connection) if connection.last => {}
                Some(connection) if connection.asked.len() < limit => return Some(fd),
                Some(_) => self.idle.push_back(fd),
                None => {}
            }
        }
        self.connect(false)
    }

    fn connect(&mut self, last: bool) -> Option<i32> {
        if self.connections.len() >= self.thread.most_connections {
            return None;
        }
        let buffer = self.thread.read_rate.map(|_| SMALL_BUFFER);
        let stream = socket::connect(self.port, buffer).ok()?;
        let fd = stream.as_raw_fd();
        let mut unsent = Vec::new();
        let wire = match self.thread.http2 {
            true => {
                http2::Session::preface(&mut unsent);
                Wire::Http2(http2::Session::default())
            }
            false => Wire::Http1(http1::Reader::default()),
        };
        self.poll.add(fd, socket::WRITE | self.reads());
        let connection = Connection {
            stream,
            wire,
            unsent,
            waits_to_write: true,
            asked: Vec::new(),
            last,
        };
        self.connections.insert(fd, connection);
        Some(fd)
    }

    /// What is watched of a connection that has nothing to write.
    fn reads(&self) -> u32 {
        if self.thread.read_rate.is_some() {
            0
        } else {
            socket::READ
        }
    }

    fn write(&mut self, fd: i32) {
        let reads = self.reads();
        let Some(connection) = self.connections.get_mut(&fd) else {
            return;
        };
        while !connection.unsent.is_empty() {
            match connection.stream.write(&connection.unsent) {
                Ok(written) => drop(connection.unsent.drain(..written)),
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::WouldBlock | ErrorKind::NotConnected
                    ) =>
                {
                    break;
                }
                // Reading says what has become of it.
                Err(_) => connection.unsent.clear(),
            }
        }
        let waits = !connection.unsent.is_empty();
        if waits != connection.waits_to_write {
            connection.waits_to_write = waits;
            self.poll
                .change(fd, reads | if waits { socket::WRITE } else { 0 });
        }
    }

    fn sip(&mut self) {
        let share = self.thread.read_rate.unwrap_or_default() * SIP;
        let all: Vec<i32> = self.connections.keys().copied().collect();
        for fd in all {
            self.read(fd, share as usize);
        }
    }

    fn read(&mut self, fd: i32, most: usize) {
        let mut left = most;
        while left > 0 {
            let Some(connection) = self.connections.get_mut(&fd) else {
                return;
            };
            let room = left.min(self.buffer.len());
            match connection.stream.read(&mut self.buffer[..room]) {
                Ok(0) => return self.ended(fd),
                Ok(count) => {
                    left -= count;
                    self.take(fd, count);
                    if count < room {
                        return;
                    }
                }
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::WouldBlock | ErrorKind::NotConnected
                    ) =>
                {
                    return;
                }
                Err(_) => return self.ended(fd),
            }
        }
    }

    fn take(&mut self, fd: i32, count: usize) {
        let Some(connection) = self.connections.get_mut(&fd) else {
            return;
        };
        let mut settled = Vec::new();
        match &mut connection.wire {
            Wire::Http1(reader) => {
                let mut bytes = &self.buffer[..count];
                while !bytes.is_empty() {
                    if reader.feed(&mut bytes) {
                        connection.last |= reader.closes;
                        settled.extend(
                            connection
                                .asked
                                .pop()
                                .map(|asked| (asked, outcome(reader.status))),
                        );
                    }
                }
            }
            Wire::Http2(session) => {
                let mut events = Vec::new();
                session.feed(&self.buffer[..count], &mut connection.unsent, &mut events);
                for event in events {
                    let (id, outcome) = match event {
                        http2::Event::Done(id, true) => (id, Outcome::Ok),
                        http2::Event::Done(id, false) => (id, Outcome::Wrong),
                        http2::Event::Reset(id) => (id, Outcome::Broken),
                        http2::Event::GoAway => {
                            connection.last = true;
                            continue;
                        }
                    };
                    if let Some(at) = connection.asked.iter().position(|asked| asked.stream == id) {
                        settled.push((connection.asked.swap_remove(at), outcome));
                    }
                }
            }
        }
        let over = connection.last && connection.asked.is_empty();
        if over {
            self.connections.remove(&fd);
        } else if !self.thread.http2 && !settled.is_empty() {
            self.idle.push_back(fd);
        }
        let now = self.now();
        for (asked, outcome) in settled {
            self.settle(asked.source, asked.due, now, outcome);
        }
        self.write(fd);
    }

    fn ended(&mut self, fd: i32) {
        let Some(mut connection) = self.connections.remove(&fd) else {
            return;
        };
        let now = self.now();
        let answered = match &mut connection.wire {
            Wire::Http1(reader) => reader.end().then(|| outcome(reader.status)),
            Wire::Http2(_) => None,
        };
        for asked in connection.asked {
            self.settle(
                asked.source,
                asked.due,
                now,
                answered.unwrap_or(Outcome::Broken),
            );
        }
    }

    /// Closes the connections, or resets the streams, of requests that have waited too long.
    fn give_up(&mut self, now: f64) {
        let late =
            |asked: &Asked| now - asked.due > self.sources[asked.source].source.timeout_ms / 1e3;
        let found: Vec<i32> = self
            .connections
            .iter()
            .filter(|(_, connection)| connection.asked.iter().any(late))
            .map(|(fd, _)| *fd)
            .collect();
        for fd in found {
            let Some(connection) = self.connections.get_mut(&fd) else {
                continue;
            };
            let mut given_up = Vec::new();
            let timeouts: Vec<f64> = self
                .sources
                .iter()
                .map(|p| p.source.timeout_ms / 1e3)
                .collect();
            connection.asked.retain(|asked| {
                let late = now - asked.due > timeouts[asked.source];
                if late {
                    given_up.push((asked.source, asked.due, asked.stream));
                }
                !late
            });
            match self.thread.http2 {
                true => given_up
                    .iter()
                    .for_each(|(_, _, id)| http2::Session::cancel(*id, &mut connection.unsent)),
                false => drop(self.connections.remove(&fd)),
            }
            for (source, due, _) in given_up {
                self.settle(source, due, due + timeouts[source], Outcome::TimedOut);
            }
            self.write(fd);
        }
    }

    fn settle(&mut self, source: usize, due: f64, done: f64, outcome: Outcome) {
        let progress = &mut self.sources[source];
        progress.samples.push(Sample { due, done, outcome });
        if progress.source.rate.is_none() {
            // Who is turned away does not come back at once.
            let pause = if outcome == Outcome::Ok {
                progress.source.pause_ms / 1e3
            } else {
                0.02
            };
            progress.free.push_back(done + pause);
        }
    }
}

fn outcome(status: u16) -> Outcome {
    match status {
        200 => Outcome::Ok,
        429 | 503 => Outcome::Refused,
        _ => Outcome::Wrong,
    }
}
