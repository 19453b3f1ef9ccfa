//! What one client may ask of the server, and how long.

mod row;

use std::fmt;
use std::time::Duration;

pub(crate) use self::row::LimitRow;
use super::memory;

/// The limits of a server; every one is finite by default, and printed by `Display`.
///
/// ```
/// use aplomb::serve::Limits;
///
/// let limits = Limits { body_bytes: 1 << 20, ..Limits::default() };
/// assert!(limits.to_string().contains("1 MiB"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Request line and headers together, in bytes; above: 431. Default 64 KiB, which leaves room
    /// for large tokens and cookies.
    pub head_bytes: usize,
    /// Headers of one request; above: 431. Default 100, the parser's own size without allocating.
    pub header_count: usize,
    /// One request body, in bytes; above: 413. An application, router or route that takes less or
    /// more says so with `max_body_size`. Default 16 MiB.
    pub body_bytes: usize,
    /// From the connection, or the first byte of a later request, to the end of the head; over TLS
    /// the handshake is within it. Default 15 s.
    pub head_timeout: Duration,
    /// A kept connection without a request. Default 75 s, more than the 60 s after which common
    /// load balancers close, so that they and not this server decide.
    pub idle_timeout: Duration,
    /// Bytes per second a body must bring while a handler waits for it, measured over 5 s.
    /// Default 240.
    pub body_rate: u32,
    /// A client that takes none of what is written to it. Default 30 s.
    pub write_timeout: Duration,
    /// Bytes of long answers (above 128 KiB) that wait for their readers, in the whole process;
    /// above, they are written only as they are read, and a route known for long answers waits
    /// before it makes the next, up to 5 s, then: 503.
    /// Default a quarter of the memory the process may use.
    pub answer_bytes: usize,
    /// How long a request goes on once its client has closed its sending side, which cannot be
    /// told from having left. Default 1 s.
    pub half_closed_timeout: Duration,
    /// How long bytes of a refused request are read and thrown away, so that the client sees the
    /// refusal and not a reset. Default 2 s.
    pub linger: Duration,
    /// Connections open at once; more wait in the kernel's queue. Default 10,000.
    pub connections: usize,
    /// Requests being answered at once, until their answers begin; above: 503. Default 10,000.
    pub requests: usize,
    /// HTTP/2: requests open at once on one connection. Default 100.
    pub streams: u32,
    /// HTTP/2: the headers of one request, decoded, in bytes. Default 16 KiB.
    pub header_list_bytes: u32,
    /// HTTP/2: requests opened and reset before they could be taken up; above, the connection
    /// ends. Default 20.
    pub pending_resets: usize,
    /// HTTP/2: resets a client may provoke by breaking the protocol; above, the connection ends.
    /// Default 100.
    pub provoked_resets: usize,
    /// After the signal to stop: how long new connections are still taken, each answer saying
    /// that the connection closes. Default 0; 5 s behind a balancer that learns late.
    pub lame_duck: Duration,
    /// After that: how long a connection without a request is kept, so that a request already on
    /// its way is answered. Default 0.5 s.
    pub farewell: Duration,
    /// After that: how long requests may take to finish before everything is cut. Default 25 s,
    /// which fits the 30 s that Kubernetes grants.
    pub shutdown_deadline: Duration,
    /// After SIGUSR2: how long a successor may take until it takes connections; then it is ended,
    /// and this process goes on. Default 90 s, as long as systemd gives a service for its start.
    pub handover_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_bytes: 64 << 10,
            header_count: 100,
            body_bytes: 16 << 20,
            head_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(75),
            body_rate: 240,
            write_timeout: Duration::from_secs(30),
            answer_bytes: memory::limit() / 4,
            half_closed_timeout: Duration::from_secs(1),
            linger: Duration::from_secs(2),
            connections: 10_000,
            requests: 10_000,
            streams: 100,
            header_list_bytes: 16 << 10,
            pending_resets: 20,
            provoked_resets: 100,
            lame_duck: Duration::ZERO,
            farewell: Duration::from_millis(500),
            shutdown_deadline: Duration::from_secs(25),
            handover_timeout: Duration::from_secs(90),
        }
    }
}

impl Limits {
    /// Each limit as people read it.
    pub(crate) fn groups(&self) -> Vec<(&'static str, Vec<LimitRow>)> {
        let (bytes, time, row) = (LimitRow::bytes, LimitRow::time, LimitRow::new);
        let answer_bytes = match self.answer_bytes == Self::default().answer_bytes {
            true => format!("a quarter of the memory: {}", bytes(self.answer_bytes)),
            false => bytes(self.answer_bytes),
        };
        let requests = vec![
            row(
                "request head",
                bytes(self.head_bytes),
                "431",
                "Limits::head_bytes",
            ),
            row(
                "headers",
                self.header_count.to_string(),
                "431",
                "Limits::header_count",
            ),
            row(
                "request body",
                bytes(self.body_bytes),
                "413",
                "App::max_body_size, Limits::body_bytes",
            ),
        ];
        let clients = vec![
            row(
                "head must arrive within",
                time(self.head_timeout),
                "closed",
                "Limits::head_timeout",
            ),
            row(
                "idle connection",
                time(self.idle_timeout),
                "closed",
                "Limits::idle_timeout",
            ),
            row(
                "body must bring",
                format!("{} B/s", self.body_rate),
                "closed",
                "Limits::body_rate",
            ),
            row(
                "client must read within",
                time(self.write_timeout),
                "closed",
                "Limits::write_timeout",
            ),
            row(
                "half-closed client",
                time(self.half_closed_timeout),
                "closed",
                "Limits::half_closed_timeout",
            ),
            row(
                "refused request drains for",
                time(self.linger),
                "closed",
                "Limits::linger",
            ),
        ];
        let server = vec![
            row(
                "connections",
                self.connections.to_string(),
                "wait",
                "Limits::connections",
            ),
            row(
                "requests being answered",
                self.requests.to_string(),
                "503",
                "Limits::requests",
            ),
            row(
                "unread long answers",
                answer_bytes,
                "wait, then 503",
                "Limits::answer_bytes",
            ),
        ];
        let http2 = vec![
            row(
                "HTTP/2 streams",
                self.streams.to_string(),
                "refused",
                "Limits::streams",
            ),
            row(
                "HTTP/2 header list",
                bytes(self.header_list_bytes as usize),
                "431",
                "Limits::header_list_bytes",
            ),
            row(
                "HTTP/2 pending resets",
                self.pending_resets.to_string(),
                "closed",
                "Limits::pending_resets",
            ),
            row(
                "HTTP/2 provoked resets",
                self.provoked_resets.to_string(),
                "closed",
                "Limits::provoked_resets",
            ),
        ];
        let end = vec![
            row(
                "shutdown: still accepting",
                time(self.lame_duck),
                "refused",
                "Limits::lame_duck",
            ),
            row(
                "shutdown: idle connections",
                time(self.farewell),
                "closed",
                "Limits::farewell",
            ),
            row(
                "shutdown: requests finish in",
                time(self.shutdown_deadline),
                "cut",
                "Limits::shutdown_deadline",
            ),
        ];
        let restart = vec![row(
            "restart: successor ready in",
            time(self.handover_timeout),
            "ended",
            "Limits::handover_timeout",
        )];
        vec![
            ("Requests", requests),
            ("Clients", clients),
            ("The server as a whole", server),
            ("HTTP/2", http2),
            ("Shutdown", end),
            ("Restart", restart),
        ]
    }
}

/// One limit a line: what it bounds, how much, and what happens above it.
impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.groups();
        let rows = groups.iter().flat_map(|(_, rows)| rows);
        for (index, row) in rows.enumerate() {
            let line_break = if index == 0 { "" } else { "\n" };
            let LimitRow {
                what,
                value,
                beyond,
                ..
            } = row;
            write!(f, "{line_break}{what:<28} {value:>9}  then {beyond}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn prints_a_table() {
        let table = Limits::default().to_string();
        assert_eq!(table.lines().count(), 20);
        assert!(
            table.starts_with("request head                    64 KiB  then 431\n"),
            "{table}"
        );
        assert!(
            table.contains("\nshutdown: idle connections       0.5 s  then closed\n"),
            "{table}"
        );
    }
}
