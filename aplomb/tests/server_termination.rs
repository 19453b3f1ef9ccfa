//! SIGTERM under load: clients of a real process whose requests may not be lost.
//!
//! A few runs belong to the suite. All of them, some four minutes:
//! `cargo test -p aplomb --test server_termination -- --ignored --nocapture`.
#![cfg(unix)]

#[path = "server_termination/lame_duck.rs"]
mod lame_duck;
#[path = "server/program.rs"]
mod program;

use std::hash::{BuildHasher, RandomState};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use program::Program;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const GET: &[u8] = b"GET /items/7 HTTP/1.1\r\nHost: h\r\n\r\n";
const POST: &[u8] = b"POST /items HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\
                      Content-Length: 15\r\n\r\n{\"name\":\"fork\"}";
const LAST: &[u8] = b"GET /items/7 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Not a test by itself: the process that the others start and signal.
#[test]
fn program() {
    program::serve_if_asked();
}

/// What clients saw of one run.
#[derive(Default)]
struct Seen {
    answered: AtomicUsize,
    /// Answers that said 503.
    refused: AtomicUsize,
    /// Answers that said that the connection closes.
    told: AtomicUsize,
    /// Connections that were closed while they waited between two requests.
    closed_idle: AtomicUsize,
    /// Requests that went out and were not answered, and how that showed.
    lost: Mutex<Vec<String>>,
}

/// How one run went.
struct Run {
    answered: usize,
    refused: usize,
    told: usize,
    closed_idle: usize,
    lost: Vec<String>,
    exit: Duration,
}

enum Answer {
    Kept,
    Closing,
}

/// Reads one answer with a `content-length`.
async fn read_answer(stream: &mut TcpStream, seen: &Seen) -> Result<Answer, String> {
    let (mut buffer, mut filled) = ([0; 1024], 0);
    loop {
        let read = timeout(PATIENCE, stream.read(&mut buffer[filled..])).await;
        filled += match read {
            Err(_) => return Err(format!("no answer in time, {filled} bytes of it")),
            Ok(Err(error)) => return Err(format!("{error}, {filled} bytes of the answer")),
            Ok(Ok(0)) => return Err(format!("closed, {filled} bytes of the answer")),
            Ok(Ok(count)) => count,
        };
        let text = std::str::from_utf8(&buffer[..filled]).expect("text");
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.expect("a length").parse().expect("a number");
        if body.len() < length {
            continue;
        }
        // On a machine that is held up elsewhere not everybody is let in, and is told so.
        let refused = head.starts_with("HTTP/1.1 503");
        assert!(refused || head.starts_with("HTTP/1.1 200"), "{text}");
        seen.refused.fetch_add(usize::from(refused), Relaxed);
        return match head.contains("connection: close") {
            true => Ok(Answer::Closing),
            false => Ok(Answer::Kept),
        };
    }
}

/// One request after another, until nobody listens any more.
async fn client(address: SocketAddr, number: usize, fresh: bool, seen: Arc<Seen>) {
    for round in 0.. {
        let Ok(mut stream) = TcpStream::connect(address).await else {
            return;
        };
        stream.set_nodelay(true).expect("no delay");
        for turn in 0_usize.. {
            // A connection that the server has closed while it was idle is not open any more.
            if turn > 0
                && !matches!(stream.try_read(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
            {
                seen.closed_idle.fetch_add(1, Relaxed);
                break;
            }
            let request = match (fresh, (number + turn) % 3) {
                (true, _) => LAST,
                (false, 0) => POST,
                (false, _) => GET,
            };
            let answer = match stream.write_all(request).await {
                Ok(()) => read_answer(&mut stream, &seen).await,
                Err(error) => Err(format!("{error} while it was sent")),
            };
            match answer {
                Ok(answer) => {
                    seen.answered.fetch_add(1, Relaxed);
                    if let Answer::Closing = answer {
                        seen.told.fetch_add(1, Relaxed);
                        break;
                    }
                }
                Err(how) => {
                    let how = format!("client {number}, connection {round}, request {turn}: {how}");
                    seen.lost.lock().expect("no panic").push(how);
                    break;
                }
            }
        }
    }
}

/// Starts a server and its clients, of which some open a connection for every request, and ends it
/// at some moment.
async fn run(clients: usize, fresh: usize) -> Run {
    let mut program = Program::start();
    let (address, seen) = (program.address, Arc::new(Seen::default()));
    let clients: Vec<_> = (0..clients)
        .map(|number| tokio::spawn(client(address, number, number < fresh, Arc::clone(&seen))))
        .collect();
    let warm = Instant::now();
    while seen.answered.load(Relaxed) < 10 * clients.len() {
        assert!(warm.elapsed() < PATIENCE, "no answers");
        sleep(Duration::from_millis(5)).await;
    }
    let random = RandomState::new().hash_one(0) % 300;
    sleep(Duration::from_millis(random)).await;
    let asked = Instant::now();
    program.signal("TERM");
    let exit = tokio::task::spawn_blocking(move || {
        program.wait();
        asked.elapsed()
    });
    for client in clients {
        client.await.expect("no panic");
    }
    let exit = exit.await.expect("no panic");
    let lost = std::mem::take(&mut *seen.lost.lock().expect("no panic"));
    Run {
        answered: seen.answered.load(Relaxed),
        refused: seen.refused.load(Relaxed),
        told: seen.told.load(Relaxed),
        closed_idle: seen.closed_idle.load(Relaxed),
        lost,
        exit,
    }
}

fn on_runtime<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(future)
}

#[test]
fn no_request_is_lost_when_the_process_is_told_to_end() {
    on_runtime(async {
        for (clients, fresh) in [(32, 0), (32, 0), (32, 8), (100, 20)] {
            let run = run(clients, fresh).await;
            assert!(run.lost.is_empty(), "{:#?}", run.lost);
            assert!(run.exit < Duration::from_secs(20), "{:?}", run.exit);
        }
    });
}

/// Runs so many times, and says how it went.
async fn runs(count: usize, clients: usize, fresh: usize) -> usize {
    let (mut answered, mut refused, mut told) = (0, 0, 0);
    let (mut closed_idle, mut lost) = (0, Vec::new());
    let mut exits = Vec::new();
    for number in 0..count {
        let run = run(clients, fresh).await;
        answered += run.answered;
        refused += run.refused;
        told += run.told;
        closed_idle += run.closed_idle;
        exits.push(run.exit);
        lost.extend(
            run.lost
                .into_iter()
                .map(|how| format!("run {number}, {how}")),
        );
    }
    exits.sort_unstable();
    let (middle, longest) = (exits[count / 2], exits[count - 1]);
    println!(
        "{count} runs, {clients} clients ({fresh} of them without keep-alive): {answered} answers, \
         {refused} of them 503, {told} said that the connection closes, {closed_idle} connections closed while idle, {} \
         requests lost; exit after {middle:.0?}, at most {longest:.0?}",
        lost.len()
    );
    for how in lost.iter().take(20) {
        println!("    {how}");
    }
    lost.len()
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_runs() {
    let count = std::env::var("RUNS").map_or(100, |runs| runs.parse().expect("a number"));
    let lost = on_runtime(async {
        let mut lost = 0;
        for (clients, fresh) in [(32, 0), (500, 0), (32, 16)] {
            lost += runs(count, clients, fresh).await;
        }
        lost
    });
    assert_eq!(lost, 0);
}
