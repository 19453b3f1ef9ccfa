//! Slow clients of five kinds: each is closed on time, and others do not notice them.
//!
//! A few belong to the suite. 2,000 of each kind under the default limits, some two minutes:
//! `cargo test -p aplomb --test server_slow_clients -- --ignored --nocapture`.
#![cfg(unix)]

#[path = "server/program.rs"]
mod program;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use aplomb::serve::Limits;
use program::{Program, REPORT_LENGTH};
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

/// Not a test by itself: the process that the others connect to.
#[test]
fn program() {
    program::serve_if_asked();
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// One byte of the head a second.
    Head,
    /// A head that announces a body, and nothing of it.
    NoBody,
    /// One byte of the body a second.
    Body,
    /// Never reads of a large answer.
    Unread,
    /// One request, and nothing after it.
    Idle,
}

const KINDS: [Kind; 5] = [
    Kind::Head,
    Kind::NoBody,
    Kind::Body,
    Kind::Unread,
    Kind::Idle,
];

impl Kind {
    /// What is sent first.
    fn opening(self) -> &'static [u8] {
        match self {
            Self::Head => b"G",
            Self::NoBody | Self::Body => {
                b"POST /items HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\
                  Content-Length: 10000\r\n\r\n"
            }
            Self::Unread => b"GET /report HTTP/1.1\r\nHost: h\r\n\r\n",
            Self::Idle => b"GET /items/7 HTTP/1.1\r\nHost: h\r\n\r\n",
        }
    }

    /// How long the server bears with it.
    fn limit(self, limits: &Limits) -> Duration {
        /// Over so long the rate of a body is measured.
        const RATE_WINDOW: Duration = Duration::from_secs(5);
        match self {
            Self::Head => limits.head_timeout,
            Self::NoBody | Self::Body => RATE_WINDOW,
            Self::Unread => limits.write_timeout,
            Self::Idle => limits.idle_timeout,
        }
    }

    /// Is slow until the server closes the connection, or for longer than it may be by `late`; how
    /// long it was open beyond its limit.
    async fn be_slow(
        self,
        address: SocketAddr,
        limits: Limits,
        late: Duration,
    ) -> Result<Duration, String> {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4096).expect("a small buffer");
        let mut stream = match socket.connect(address).await {
            Ok(stream) => stream,
            Err(error) => return Err(format!("no connection: {error}")),
        };
        let begun = Instant::now();
        if let Err(error) = stream.write_all(self.opening()).await {
            return Err(format!("{error} while the request was sent"));
        }
        let limit = self.limit(&limits);
        if let Self::Unread = self {
            sleep(limit + late).await;
            return unread_is_given_up(stream).await;
        }
        let mut since = begun;
        let mut buffer = [0; 1024];
        loop {
            match timeout(Duration::from_secs(1), stream.read(&mut buffer)).await {
                Ok(Ok(0) | Err(_)) => return Ok(since.elapsed().saturating_sub(limit)),
                // The answer, after which the connection is idle.
                Ok(Ok(_)) => since = Instant::now(),
                Err(_) if since.elapsed() > limit + late => {
                    return Err(format!("open after {:.1?}", since.elapsed()));
                }
                Err(_) => {
                    if let Self::Head | Self::Body = self {
                        // The server may have closed in between, which is seen next.
                        let _ = stream.write_all(b"x").await;
                    }
                }
            }
        }
    }
}

/// What the system still has of a long answer ends before the answer does.
async fn unread_is_given_up(mut stream: TcpStream) -> Result<Duration, String> {
    let (mut all, mut buffer) = (0, vec![0; 1 << 16]);
    loop {
        match timeout(Duration::from_secs(10), stream.read(&mut buffer)).await {
            Ok(Ok(0) | Err(_)) if all < REPORT_LENGTH => return Ok(Duration::ZERO),
            Ok(Ok(0) | Err(_)) => return Err("the whole answer came".to_owned()),
            Ok(Ok(count)) => all += count,
            Err(_) => return Err(format!("open, with {all} bytes read")),
        }
    }
}

/// Asks a hundred times a second on one connection, as far as the answers come in time, until it is
/// told to stop; how long each answer took, sorted.
async fn normal_client(address: SocketAddr, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let mut took = Vec::new();
    let mut buffer = vec![0; 1024];
    while !stop.load(Relaxed) {
        sleep(Duration::from_millis(10)).await;
        let asked = Instant::now();
        stream.write_all(Kind::Idle.opening()).await.expect("sent");
        let count = stream.read(&mut buffer).await.expect("an answer");
        assert!(
            buffer[..count].starts_with(b"HTTP/1.1 200"),
            "{count} bytes"
        );
        took.push(asked.elapsed());
    }
    took.sort_unstable();
    took
}

fn p99(took: &[Duration]) -> Duration {
    took[took.len() * 99 / 100]
}

struct Attack {
    of_each: usize,
    /// How many connections are opened a second.
    rate: usize,
    /// How long they may stay beyond their limit.
    late: Duration,
    limits: Limits,
}

impl Attack {
    /// Everything that was not as it should be, and the longest that each kind stayed.
    async fn run(&self, address: SocketAddr) -> (Vec<String>, [Duration; 5]) {
        let begun = Instant::now();
        let mut clients = Vec::new();
        for number in 0..self.of_each * KINDS.len() {
            let kind = number % KINDS.len();
            let limits = self.limits.clone();
            let slow = KINDS[kind].be_slow(address, limits, self.late);
            clients.push((kind, tokio::spawn(slow)));
            let due = Duration::from_secs_f64(number as f64 / self.rate as f64);
            sleep(due.saturating_sub(begun.elapsed())).await;
        }
        let (mut wrong, mut longest) = (Vec::new(), [Duration::ZERO; 5]);
        for (kind, client) in clients {
            match client.await.expect("no panic") {
                Ok(late) if late <= self.late => longest[kind] = longest[kind].max(late),
                Ok(late) => wrong.push(format!("{:?}: {late:.1?} too late", KINDS[kind])),
                Err(how) => wrong.push(format!("{:?}: {how}", KINDS[kind])),
            }
        }
        (wrong, longest)
    }
}

/// Takes as many descriptors as the system gives.
fn raise_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).expect("descriptors");
}

fn on_runtime<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(future)
}

#[test]
fn slow_clients_of_every_kind_are_closed_and_a_normal_one_is_answered() {
    let mut program = Program::with("impatient", &[]);
    let attack = Attack {
        of_each: 50,
        rate: 250,
        late: Duration::from_secs(20),
        limits: program::limits("impatient"),
    };
    let took = on_runtime(async {
        let stop = Arc::new(AtomicBool::new(false));
        let normal = tokio::spawn(normal_client(program.address, Arc::clone(&stop)));
        let (wrong, _) = attack.run(program.address).await;
        assert!(wrong.is_empty(), "{wrong:#?}");
        stop.store(true, Relaxed);
        normal.await.expect("answers")
    });
    assert!(!took.is_empty());
    program.signal("TERM");
    program.wait();
}

#[test]
#[ignore = "takes minutes"]
fn two_thousand_of_each() {
    raise_descriptors();
    let of_each = std::env::var("CLIENTS").map_or(2000, |count| count.parse().expect("a number"));
    let mut program = Program::with("many", &[]);
    let attack = Attack {
        of_each,
        rate: 1000,
        late: Duration::from_secs(2),
        limits: program::limits("many"),
    };
    let wrong = on_runtime(async {
        let measured = |seconds| async move {
            let stop = Arc::new(AtomicBool::new(false));
            let normal = tokio::spawn(normal_client(program.address, Arc::clone(&stop)));
            if seconds > 0 {
                sleep(Duration::from_secs(seconds)).await;
            }
            (stop, normal)
        };
        let (stop, normal) = measured(20).await;
        stop.store(true, Relaxed);
        let alone = normal.await.expect("answers");
        let (stop, normal) = measured(0).await;
        let (wrong, longest) = attack.run(program.address).await;
        stop.store(true, Relaxed);
        let beside = normal.await.expect("answers");
        for (kind, longest) in KINDS.into_iter().zip(longest) {
            let limit = kind.limit(&attack.limits);
            println!("{of_each} {kind:?}: closed after {limit:?} and at most {longest:.2?}");
        }
        println!(
            "a normal client: p99 {:.2?} alone, {:.2?} beside them; at most {:.2?} and {:.2?}",
            p99(&alone),
            p99(&beside),
            alone[alone.len() - 1],
            beside[beside.len() - 1]
        );
        wrong
    });
    println!("{} were not closed as they should be", wrong.len());
    for wrong in wrong.iter().take(20) {
        println!("    {wrong}");
    }
    assert!(wrong.is_empty());
    program.signal("TERM");
    program.wait();
}
