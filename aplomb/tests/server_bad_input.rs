//! What no honest client sends: each has its wanted answer, and the server goes on unharmed.

#[path = "server/echo.rs"]
mod echo;

use std::time::{Duration, Instant};

use aplomb::serve::Limits;
use echo::{EchoServer, exchange};

/// What is sent, and the statuses that come back before the server closes.
type Case = (&'static str, Vec<u8>, &'static [u16]);

const REST: &str = "Host: h\r\nConnection: close\r\n\r\n";

fn case(name: &'static str, bytes: impl Into<Vec<u8>>, wanted: &'static [u16]) -> Case {
    (name, bytes.into(), wanted)
}

/// A GET with these lines after the request line.
fn head(name: &'static str, lines: &str, wanted: &'static [u16]) -> Case {
    case(name, format!("GET / HTTP/1.1\r\n{lines}\r\n"), wanted)
}

/// A POST with these lines after the Host, and whatever follows them.
fn post(name: &'static str, lines: &str, wanted: &'static [u16]) -> Case {
    case(
        name,
        format!("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{lines}"),
        wanted,
    )
}

/// This request line with all that a request needs besides.
fn line(name: &'static str, line: &str, wanted: &'static [u16]) -> Case {
    case(name, format!("{line}\r\n{REST}"), wanted)
}

fn hosts() -> Vec<Case> {
    vec![
        head("no Host", "Connection: close\r\n", &[400]),
        head("two Hosts", "Host: a\r\nHost: b\r\n", &[400]),
        head("the same Host twice", "Host: a\r\nHost: a\r\n", &[400]),
        head("empty Host", "Host:\r\n", &[400]),
        head("Host with a space", "Host: a b\r\n", &[400]),
        head("Host with a path", "Host: a/b\r\n", &[400]),
        head("Host with a user", "Host: u@a\r\n", &[400]),
        head("Host with a query", "Host: a?b\r\n", &[400]),
        head("Host with a list", "Host: a:1, b:2\r\n", &[400]),
        head("Host with port 99999", "Host: a:99999\r\n", &[400]),
        head("Host with a word for a port", "Host: a:http\r\n", &[400]),
        head("Host with an open bracket", "Host: [::1\r\n", &[400]),
        head("Host with a NUL", "Host: a\0b\r\n", &[400]),
        head(
            "IPv6 Host",
            "Host: [::1]:80\r\nConnection: close\r\n",
            &[200],
        ),
        case("HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", &[200]),
        case(
            "HTTP/1.0 with two",
            "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
            &[400],
        ),
        line("absolute target", "GET http://H:80/x HTTP/1.1", &[200]),
        line(
            "absolute target at another host",
            "GET http://other.example/x HTTP/1.1",
            &[400],
        ),
        line(
            "absolute target at another port",
            "GET http://h:8080/x HTTP/1.1",
            &[400],
        ),
        line(
            "absolute target with a user",
            "GET http://u@h/ HTTP/1.1",
            &[400],
        ),
    ]
}

fn framing() -> Vec<Case> {
    let chunk = "5\r\nhello\r\n0\r\n\r\n";
    let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{chunk}");
    let smuggled = "0\r\n\r\nGET /ignore HTTP/1.1\r\nHost: h\r\n\r\n";
    let coding = |coding| format!("Transfer-Encoding: {coding}\r\n\r\n{chunk}");
    vec![
        post(
            "length, then chunked",
            &format!("Content-Length: 5\r\n{chunked}"),
            &[400],
        ),
        post(
            "chunked, then length",
            &format!("Transfer-Encoding: chunked\r\ncontent-length: 5\r\n\r\n{chunk}"),
            &[400],
        ),
        post(
            "CL.TE smuggling",
            &format!("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n{smuggled}"),
            &[400],
        ),
        post(
            "tab before chunked",
            &format!("Content-Length: 6\r\nTransfer-Encoding:\tchunked\r\n\r\n{smuggled}"),
            &[400],
        ),
        post(
            "blank before the colon",
            &format!("Transfer-Encoding : chunked\r\n\r\n{chunk}"),
            &[400],
        ),
        post("unknown coding", &coding("gzip"), &[400]),
        post("coding before chunked", &coding("gzip, chunked"), &[400]),
        post("chunked twice", &coding("chunked, chunked"), &[400]),
        post("coding after chunked", &coding("chunked, identity"), &[400]),
        post("almost chunked", &coding("xchunked"), &[400]),
        post("chunked in quotes", &coding("\"chunked\""), &[400]),
        post(
            "two codings",
            &format!("Transfer-Encoding: chunked\r\n{chunked}"),
            &[400],
        ),
        case(
            "chunked in HTTP/1.0",
            format!("POST / HTTP/1.0\r\nHost: h\r\n{chunked}"),
            &[400],
        ),
        post(
            "two lengths",
            "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
            &[400],
        ),
        post(
            "a list of lengths",
            "Content-Length: 5, 5\r\n\r\nhello",
            &[400],
        ),
        post(
            "the same length twice",
            "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
            &[200],
        ),
        post("negative length", "Content-Length: -5\r\n\r\nhello", &[400]),
        post("signed length", "Content-Length: +5\r\n\r\nhello", &[400]),
        post(
            "hexadecimal length",
            "Content-Length: 0x5\r\n\r\nhello",
            &[400],
        ),
        post("empty length", "Content-Length:\r\n\r\nhello", &[400]),
        post(
            "length above 64 bits",
            "Content-Length: 99999999999999999999\r\n\r\nhello",
            &[400],
        ),
        post(
            "length above the limit",
            "Content-Length: 1048577\r\n\r\nhello",
            &[413],
        ),
        post(
            "largest length",
            "Content-Length: 18446744073709551613\r\n\r\nhello",
            &[413],
        ),
    ]
}

fn bodies() -> Vec<Case> {
    let chunked = |rest: &str| format!("Transfer-Encoding: chunked\r\n\r\n{rest}");
    let long_extension = format!("5;x={}\r\nhello\r\n0\r\n\r\n", "y".repeat(1 << 20));
    let too_much = format!("{:x}\r\n{}\r\n0\r\n\r\n", 2 << 20, "z".repeat(2 << 20));
    let crumbs = format!("{}0\r\n\r\n", "1\r\nx\r\n".repeat(20_000));
    vec![
        post(
            "chunk size that is no number",
            &chunked("zz\r\nhello\r\n0\r\n\r\n"),
            &[400],
        ),
        post(
            "negative chunk size",
            &chunked("-5\r\nhello\r\n0\r\n\r\n"),
            &[400],
        ),
        post(
            "chunk size above 64 bits",
            &chunked("fffffffffffffffff\r\nhello"),
            &[400],
        ),
        post(
            "empty chunk size",
            &chunked("\r\nhello\r\n0\r\n\r\n"),
            &[400],
        ),
        post(
            "chunk without its line end",
            &chunked("5\r\nhello0\r\n\r\n"),
            &[400],
        ),
        post(
            "chunk with bare line ends",
            &chunked("5\nhello\n0\n\n"),
            &[400],
        ),
        post("endless chunk extension", &chunked(&long_extension), &[400]),
        post("chunks above the limit", &chunked(&too_much), &[413]),
        post("a byte a chunk", &chunked(&crumbs), &[200]),
        post(
            "trailers",
            &chunked("5\r\nhello\r\n0\r\nX: y\r\n\r\n"),
            &[200],
        ),
        post(
            "bad trailers",
            &chunked("5\r\nhello\r\n0\r\nX y\r\n\r\n"),
            &[400],
        ),
        post(
            "body nobody asked for",
            "Content-Length: 5\r\n\r\nhelloGET /",
            &[200],
        ),
        case(
            "GET with a body",
            format!("GET / HTTP/1.1\r\nContent-Length: 5\r\n{REST}hello"),
            &[200],
        ),
        case(
            "unknown expectation",
            format!("GET / HTTP/1.1\r\nExpect: magic\r\n{REST}"),
            &[200],
        ),
        post(
            "expects to continue",
            "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
            &[100, 200],
        ),
        case(
            "body left unread",
            format!(
                "POST /ignore HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n{}",
                "u".repeat(400_000)
            ),
            &[200],
        ),
    ]
}

fn lines() -> Vec<Case> {
    let ok = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    vec![
        case("bare line ends", "GET / HTTP/1.1\nHost: h\n\n", &[400]),
        case(
            "one bare line end",
            "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n",
            &[400],
        ),
        case(
            "bare last line end",
            "GET / HTTP/1.1\r\nHost: h\r\n\n",
            &[400],
        ),
        case(
            "bare line ends in the second",
            format!("{ok}GET / HTTP/1.1\nHost: h\n\n"),
            &[200, 400],
        ),
        case(
            "bare line ends behind a body in chunks",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\
             3;x=y\r\na\nb\r\n0\r\nTrailer: t\r\n\r\nGET / HTTP/1.1\nHost: h\n\n",
            &[200, 400],
        ),
        head("folded header", "Host: h\r\nX: a\r\n b\r\n", &[400]),
        head("header without colon", "Host: h\r\nnonsense\r\n", &[400]),
        head("header without name", "Host: h\r\n: x\r\n", &[400]),
        head("control character", "Host: h\r\nX: a\x01b\r\n", &[400]),
        head(
            "carriage return in a value",
            "Host: h\r\nX: a\rb\r\n",
            &[400],
        ),
        head(
            "101 headers",
            &format!("Host: h\r\n{}", "X: y\r\n".repeat(100)),
            &[431],
        ),
        head(
            "1 MB header",
            &format!("Host: h\r\nX: {}\r\n", "y".repeat(1 << 20)),
            &[431],
        ),
        head(
            "1 MB header name",
            &format!("Host: h\r\n{}: y\r\n", "x".repeat(1 << 20)),
            &[431],
        ),
        line(
            "1 MB target",
            &format!("GET /{} HTTP/1.1", "x".repeat(1 << 20)),
            &[431],
        ),
        line(
            "1 MB method",
            &format!("{} / HTTP/1.1", "X".repeat(1 << 20)),
            &[431],
        ),
        line("two spaces", "GET  / HTTP/1.1", &[400]),
        line("no target", "GET HTTP/1.1", &[400]),
        line("no version", "GET /", &[400]),
        line("HTTP/1.2", "GET / HTTP/1.2", &[400]),
        line("HTTP/9.9", "GET / HTTP/9.9", &[400]),
        line("another protocol", "GET / FTP/1.1", &[400]),
        line("target without slash", "GET foo HTTP/1.1", &[400]),
        line("asterisk for GET", "GET * HTTP/1.1", &[400]),
        line("asterisk for OPTIONS", "OPTIONS * HTTP/1.1", &[200]),
        line("CONNECT", "CONNECT h:80 HTTP/1.1", &[400]),
        line("NUL in the target", "GET /a\0b HTTP/1.1", &[400]),
        line(
            "broken escapes in the target",
            "GET /%zz%f%/..%2f?%&=%ff HTTP/1.1",
            &[200],
        ),
        line("unknown method", "BREW / HTTP/1.1", &[200]),
        line("quotes for a method", "\"GET\" / HTTP/1.1", &[400]),
        case(
            "empty lines first",
            format!("\r\n\r\nGET / HTTP/1.1\r\n{REST}"),
            &[200],
        ),
        case(
            "garbage after a request",
            format!("{ok}\x16\x03\x01"),
            &[200, 400],
        ),
        case(
            "TLS handshake",
            b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03".as_slice(),
            &[400],
        ),
        case(
            "random bytes",
            b"\xff\xfe\x80\0\x01\x02\r\n\r\n".as_slice(),
            &[400],
        ),
        case(
            "upgrade to HTTP/2",
            format!("GET / HTTP/1.1\r\nUpgrade: h2c\r\n{REST}"),
            &[200],
        ),
        case(
            "HTTP/2 preface, then nonsense",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense!",
            &[],
        ),
        case(
            "half an HTTP/2 preface",
            format!("PRI * HTTP/2.0\r\n{REST}"),
            &[400],
        ),
    ]
}

fn statuses(answer: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(answer);
    let heads = text
        .match_indices("HTTP/1.")
        .filter(|(at, _)| *at == 0 || text[..*at].ends_with('\n') || !text[..*at].ends_with(' '));
    heads
        .filter_map(|(at, _)| text.get(at + 9..at + 12)?.parse().ok())
        .collect()
}

fn resident_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

fn limits() -> Limits {
    Limits {
        body_bytes: 1 << 20,
        head_timeout: Duration::from_secs(2),
        idle_timeout: Duration::from_secs(2),
        linger: Duration::from_millis(300),
        ..Limits::default()
    }
}

fn check(running: &EchoServer, (name, bytes, wanted): &Case, faults: &mut Vec<String>) {
    let begun = Instant::now();
    let (answer, closed) = exchange(&running.connect(), bytes, Duration::from_secs(5));
    let got = statuses(&answer);
    if got != *wanted {
        let shown: String = String::from_utf8_lossy(&answer).chars().take(200).collect();
        faults.push(format!("{name}: {got:?} in place of {wanted:?}: {shown:?}"));
    }
    if !closed || begun.elapsed() > Duration::from_secs(4) {
        faults.push(format!("{name}: not closed in time, {:?}", begun.elapsed()));
    }
    let alive = b"POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    let (answer, _) = exchange(&running.connect(), alive, Duration::from_secs(5));
    if !answer.starts_with(b"HTTP/1.1 200 OK\r\n") || !answer.ends_with(b"\r\n\r\nok") {
        faults.push(format!("{name}: the server does not serve afterwards"));
    }
}

#[test]
fn every_bad_request_has_its_answer() {
    let running = EchoServer::start(limits());
    let cases = [hosts(), framing(), bodies(), lines()].concat();
    assert!(cases.len() >= 90, "{} cases", cases.len());
    let mut faults = Vec::new();
    for case in &cases {
        check(&running, case, &mut faults);
    }
    assert!(
        faults.is_empty(),
        "{} of {}:\n{}",
        faults.len(),
        cases.len(),
        faults.join("\n")
    );
    assert!(running.stop() < Duration::from_secs(3));
}

#[test]
fn memory_stays_flat() {
    let running = EchoServer::start(limits());
    let mut cases = [hosts(), framing(), bodies(), lines()].concat();
    cases.retain(|(_, bytes, _)| bytes.len() < 1 << 20);
    let round = || {
        for (_, bytes, _) in &cases {
            exchange(&running.connect(), bytes, Duration::from_secs(5));
        }
    };
    round();
    round();
    let before = resident_kilobytes();
    for _ in 0..6 {
        round();
    }
    let (Some(before), Some(after)) = (before, resident_kilobytes()) else {
        return;
    };
    assert!(after < before + 8192, "{before} kB, then {after} kB");
}
