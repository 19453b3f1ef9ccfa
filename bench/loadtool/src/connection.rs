//! One connection of the client, and the requests that are out on it.
use std::io;

use crate::samples::Outcome;
use crate::transport::{Came, Dialer, Transport};
use crate::{http1, http2};

/// HTTP/2 streams at a time.
const STREAMS: usize = 100;

pub struct Connection {
    transport: Transport,
    wire: Wire,
    unsent: Vec<u8>,
    waits_to_write: bool,
    pub asked: Vec<Asked>,
    /// Takes no further request.
    last: bool,
}

enum Wire {
    Http1(http1::Reader),
    Http2(http2::Session),
}

/// A request that is out.
#[derive(Clone, Copy)]
pub struct Asked {
    stream: u32,
    pub source: usize,
    pub due: f64,
}

impl Connection {
    /// Begins to connect; `last` if it is for one request.
    pub fn open(dialer: &Dialer, http2: bool, last: bool) -> io::Result<Self> {
        let transport = dialer.dial()?;
        let mut unsent = Vec::new();
        let wire = if http2 {
            http2::Session::preface(&mut unsent);
            Wire::Http2(http2::Session::new(dialer.is_secured()))
        } else {
            Wire::Http1(http1::Reader::default())
        };
        Ok(Self {
            transport,
            wire,
            unsent,
            waits_to_write: true,
            asked: Vec::new(),
            last,
        })
    }

    pub fn fd(&self) -> i32 {
        self.transport.fd()
    }

    /// Whether it takes one more request now; none if it never will again.
    pub fn has_room(&self) -> Option<bool> {
        let most = if matches!(self.wire, Wire::Http2(_)) {
            STREAMS
        } else {
            1
        };
        (!self.last).then_some(self.asked.len() < most)
    }

    pub fn is_over(&self) -> bool {
        self.last && self.asked.is_empty()
    }

    pub fn ask(&mut self, path: &str, source: usize, due: f64) {
        let stream = match &mut self.wire {
            Wire::Http1(_) => {
                self.unsent.extend(http1::request(path, self.last));
                0
            }
            Wire::Http2(session) => session.request(path, &mut self.unsent),
        };
        self.asked.push(Asked {
            stream,
            source,
            due,
        });
    }

    /// Writes what can be; whether it has to wait for more has changed to this.
    pub fn write(&mut self) -> Option<bool> {
        let waits = self.transport.write(&mut self.unsent);
        let changed = waits != self.waits_to_write;
        self.waits_to_write = waits;
        changed.then_some(waits)
    }

    pub fn read(&mut self, buffer: &mut [u8]) -> Came {
        self.transport.read(buffer)
    }

    /// Takes what was read; the requests that this settles.
    pub fn take(&mut self, mut bytes: &[u8]) -> Vec<(Asked, Outcome)> {
        let mut settled = Vec::new();
        match &mut self.wire {
            Wire::Http1(reader) => {
                while !bytes.is_empty() {
                    if reader.feed(&mut bytes) {
                        self.last |= reader.closes;
                        settled.extend(
                            self.asked
                                .pop()
                                .map(|asked| (asked, outcome(reader.status))),
                        );
                    }
                }
            }
            Wire::Http2(session) => {
                let mut events = Vec::new();
                session.feed(bytes, &mut self.unsent, &mut events);
                for event in events {
                    let (id, outcome) = match event {
                        http2::Event::Done(id, true) => (id, Outcome::Ok),
                        http2::Event::Done(id, false) => (id, Outcome::Wrong),
                        http2::Event::Reset(id) => (id, Outcome::Broken),
                        http2::Event::GoAway => {
                            self.last = true;
                            continue;
                        }
                    };
                    if let Some(at) = self.asked.iter().position(|asked| asked.stream == id) {
                        settled.push((self.asked.swap_remove(at), outcome));
                    }
                }
            }
        }
        settled
    }

    /// It has ended: what that means for the requests that are still out.
    pub fn end(self) -> Vec<(Asked, Outcome)> {
        let answered = match self.wire {
            Wire::Http1(reader) if reader.ends_here() => outcome(reader.status),
            _ => Outcome::Broken,
        };
        self.asked
            .into_iter()
            .map(|asked| (asked, answered))
            .collect()
    }

    /// Takes back requests that have waited too long; HTTP/1 has no way to but to close.
    pub fn give_up(&mut self, is_late: impl Fn(&Asked) -> bool) -> Vec<Asked> {
        let (late, rest) = self.asked.iter().copied().partition(is_late);
        self.asked = rest;
        match &self.wire {
            Wire::Http1(_) => self.last |= !late.is_empty(),
            Wire::Http2(_) => {
                for asked in &late {
                    http2::Session::cancel(asked.stream, &mut self.unsent);
                }
            }
        }
        late
    }
}

fn outcome(status: u16) -> Outcome {
    match status {
        200 => Outcome::Ok,
        429 | 503 => Outcome::Refused,
        _ => Outcome::Wrong,
    }
}
