//! One thread of the client: its connections, and the requests its sources want sent.
use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::connection::{Asked, Connection};
use crate::plan::{Source, Thread};
use crate::samples::{Outcome, Sample};
use crate::socket;
use crate::transport::{Came, Dialer};

/// How often requests that wait too long are looked for.
const CHECK: f64 = 0.02;
/// How often connections of a slow reader are read.
const SIP: f64 = 0.02;
/// What a caller waits that got no good answer.
const TURNED_AWAY: f64 = 0.02;

/// How far a source has come.
struct Progress<'a> {
    source: &'a Source,
    samples: Vec<Sample>,
    issued: usize,
    /// When callers that are free want to ask again.
    free: VecDeque<f64>,
}

struct Client<'a> {
    dialer: Dialer,
    start: Instant,
    thread: &'a Thread,
    poll: socket::Poll,
    connections: HashMap<i32, Connection>,
    /// May take a request; of HTTP/2 all, with or without requests.
    idle: VecDeque<i32>,
    sources: Vec<Progress<'a>>,
    buffer: Vec<u8>,
}

/// Samples by source.
pub fn run(dialer: Dialer, thread: &Thread, start: Instant) -> Vec<(String, Vec<Sample>)> {
    if thread.priority > 0 && !socket::real_time(thread.priority) {
        eprintln!("no real-time priority here: what is measured includes the client's own waits");
    }
    let progress = |source| Progress {
        source,
        samples: Vec::new(),
        issued: 0,
        free: (0..source.callers).map(|_| source.from).collect(),
    };
    let mut client = Client {
        dialer,
        start,
        thread,
        poll: socket::Poll::default(),
        connections: HashMap::new(),
        idle: VecDeque::new(),
        sources: thread.sources.iter().map(progress).collect(),
        buffer: vec![0; 1 << 18],
    };
    client.run();
    client.end();
    client
        .sources
        .into_iter()
        .map(|of| (of.source.name.clone(), of.samples))
        .collect()
}

impl Progress<'_> {
    /// When the next request is due, if it is known.
    fn next(&self) -> f64 {
        match self.source.rate {
            Some(rate) => self.source.from + self.issued as f64 / rate,
            None => self.free.front().copied().unwrap_or(f64::INFINITY),
        }
    }

    fn patience(&self) -> f64 {
        self.source.timeout_ms / 1e3
    }
}

impl Client<'_> {
    fn now(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn run(&mut self) {
        for _ in 0..self.thread.connections {
            let opened = self.connect(false);
            self.idle.extend(opened);
        }
        let sips = self.thread.read_rate.is_some();
        let (mut check, mut sip) = (0.0, if sips { 0.0 } else { f64::INFINITY });
        loop {
            let now = self.now();
            if now >= check {
                self.give_up(now);
                check = now + CHECK;
            }
            if now >= sip {
                self.sip();
                sip = now + SIP;
            }
            let next = self.issue(now);
            let waits = self
                .connections
                .values()
                .any(|connection| !connection.asked.is_empty());
            let goes_on = |of: &Progress| now < of.source.to || of.source.rate.is_some() && waits;
            if !self.sources.iter().any(goes_on) {
                return;
            }
            let until = next.min(check).min(sip);
            let wait = Duration::from_secs_f64((until - self.now()).max(0.0));
            let ready: Vec<(i32, u32)> = self.poll.wait(wait).collect();
            for (fd, events) in ready {
                if events & socket::WRITE > 0 {
                    self.write(fd);
                }
                if events & !socket::WRITE > 0 && !sips {
                    self.read(fd, usize::MAX);
                }
            }
        }
    }

    /// What is still out has waited until now.
    fn end(&mut self) {
        let rest = std::mem::take(&mut self.connections);
        let out = rest.values().flat_map(|connection| &connection.asked);
        self.settle_all(out.map(|asked| (*asked, Outcome::Unfinished)).collect());
    }

    /// Sends what is due; when the next is.
    fn issue(&mut self, now: f64) -> f64 {
        let mut next = f64::INFINITY;
        for index in 0..self.sources.len() {
            loop {
                let of = &mut self.sources[index];
                let due = of.next();
                if due >= of.source.to || due > now {
                    // What is over keeps nobody awake.
                    if now < of.source.to {
                        next = next.min(due).min(of.source.to);
                    }
                    break;
                }
                of.issued += 1;
                of.free.pop_front();
                // A caller asks when it is free; only a fixed rate can be late.
                let due = of.source.rate.map_or(now, |_| due);
                self.ask(index, due);
            }
        }
        next
    }

    fn ask(&mut self, index: usize, due: f64) {
        let (now, of) = (self.now(), &self.sources[index]);
        let patience = of.patience();
        if now - due > patience {
            return self.settle(index, due, due + patience, Outcome::TimedOut);
        }
        let source = of.source;
        let path = &source.paths[(of.issued - 1) % source.paths.len()];
        let fresh = source.fresh && !self.thread.http2;
        let found = if fresh {
            self.connect(true)
        } else {
            self.idle_connection()
        };
        let Some(fd) = found else {
            return self.settle(index, due, now, Outcome::Broken);
        };
        if let Some(connection) = self.connections.get_mut(&fd) {
            connection.ask(path, index, due);
        }
        if self.thread.http2 {
            self.idle.push_back(fd);
        }
        self.write(fd);
    }

    fn idle_connection(&mut self) -> Option<i32> {
        for _ in 0..self.idle.len() {
            let fd = self.idle.pop_front()?;
            match self.connections.get(&fd).and_then(Connection::has_room) {
                Some(true) => return Some(fd),
                Some(false) => self.idle.push_back(fd),
                None => {}
            }
        }
        self.connect(false)
    }

    fn connect(&mut self, last: bool) -> Option<i32> {
        if self.connections.len() >= self.thread.most_connections {
            return None;
        }
        let connection = Connection::open(&self.dialer, self.thread.http2, last).ok()?;
        let fd = connection.fd();
        self.poll.add(fd, socket::WRITE | self.reads());
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
        let waits = self.connections.get_mut(&fd).and_then(Connection::write);
        if let Some(waits) = waits {
            self.poll
                .change(fd, self.reads() | if waits { socket::WRITE } else { 0 });
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
            match connection.read(&mut self.buffer[..room]) {
                Came::Bytes(count) => {
                    left -= count;
                    let settled = connection.take(&self.buffer[..count]);
                    if connection.is_over() {
                        self.connections.remove(&fd);
                    } else if !self.thread.http2 && !settled.is_empty() {
                        self.idle.push_back(fd);
                    }
                    self.settle_all(settled);
                    self.write(fd);
                    if count < room {
                        return;
                    }
                }
                // A handshake may want to be answered.
                Came::Nothing => return self.write(fd),
                Came::End => {
                    let ended = self.connections.remove(&fd);
                    return self.settle_all(ended.map(Connection::end).unwrap_or_default());
                }
            }
        }
    }

    fn give_up(&mut self, now: f64) {
        let patience: Vec<f64> = self.sources.iter().map(Progress::patience).collect();
        let is_late = |asked: &Asked| now - asked.due > patience[asked.source];
        let late: Vec<i32> = self
            .connections
            .iter()
            .filter(|(_, connection)| connection.asked.iter().any(is_late))
            .map(|(fd, _)| *fd)
            .collect();
        for fd in late {
            let Some(connection) = self.connections.get_mut(&fd) else {
                continue;
            };
            let given_up = connection.give_up(is_late);
            if connection.is_over() {
                self.connections.remove(&fd);
            }
            for asked in given_up {
                let gone = asked.due + patience[asked.source];
                self.settle(asked.source, asked.due, gone, Outcome::TimedOut);
            }
            self.write(fd);
        }
    }

    fn settle_all(&mut self, settled: Vec<(Asked, Outcome)>) {
        let now = self.now();
        for (asked, outcome) in settled {
            self.settle(asked.source, asked.due, now, outcome);
        }
    }

    fn settle(&mut self, source: usize, due: f64, done: f64, outcome: Outcome) {
        let of = &mut self.sources[source];
        of.samples.push(Sample { due, done, outcome });
        if of.source.rate.is_none() {
            let good = outcome == Outcome::Ok;
            of.free.push_back(
                done + if good {
                    of.source.pause_ms / 1e3
                } else {
                    TURNED_AWAY
                },
            );
        }
    }
}
