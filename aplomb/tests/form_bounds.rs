//! What hostile forms cost: time that grows as the body does, memory that does not, and an answer
//! to everything.

use std::time::{Duration, Instant};

use aplomb::Service;
use aplomb::prelude::*;
use bytes::Bytes;
use proptest::prelude::{any, prop};
use proptest::strategy::Strategy as _;

#[path = "forms/pieces.rs"]
mod pieces;

use pieces::{HEAD, MULTIPART, post};

#[post(
    "/form",
    max_body_size = 1 << 30,
    form_limits(max_fields = 1 << 30, max_files = 1 << 30, max_part_size = 1 << 30)
)]
async fn form(request: Request) -> Result<usize> {
    Ok(request.form().await?.iter().count())
}

#[post("/bound")]
async fn bound(
    #[form(default)] a: Vec<String>,
    #[form] b: Option<i64>,
    #[file] c: Option<Vec<u8>>,
    d: Option<Vec<UploadFile>>,
) -> Value {
    json!([a, b, c.map(|c| c.len()), d.map(|d| d.len())])
}

fn service() -> Service {
    App::new().routes(routes![form, bound]).build()
}

fn cut(body: Vec<u8>, size: usize) -> impl Iterator<Item = Bytes> + Send + 'static {
    let mut rest = Bytes::from(body);
    std::iter::from_fn(move || {
        let size = size.min(rest.len());
        (size > 0).then(|| rest.split_to(size))
    })
}

const URLENCODED: &[u8] = b"application/x-www-form-urlencoded";
fn repeated(start: &str, unit: &str, size: usize) -> Vec<u8> {
    let mut body = start.as_bytes().to_vec();
    body.extend(unit.bytes().cycle().take(size));
    body
}

/// The time this thread has been at work, as far as the system tells; what others do does not count
/// then. The time by the clock elsewhere.
fn time_at_work(since: Instant) -> Duration {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = statistics.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| since.elapsed(), Duration::from_nanos)
}

/// How long it takes to read a body this many times.
async fn time(
    service: &Service,
    content_type: &[u8],
    body: &[u8],
    piece: usize,
    runs: u32,
) -> Duration {
    let mut sum = Duration::ZERO;
    for _ in 0..runs {
        let body = cut(body.to_vec(), piece);
        let clock = Instant::now();
        let start = time_at_work(clock);
        let (status, answer) = post(service, "/form", content_type, body).await;
        sum += time_at_work(clock).saturating_sub(start);
        assert!(matches!(status, 200 | 400), "{status} {answer}");
    }
    sum
}

/// How many times as long the second body takes; both are read so often that it can be measured.
async fn ratio(service: &Service, content_type: &[u8], bodies: [&[u8]; 2], piece: usize) -> f64 {
    let mut runs = 1;
    loop {
        let first = time(service, content_type, bodies[0], piece, runs).await;
        if first >= Duration::from_millis(24) || runs >= 1024 {
            let second = time(service, content_type, bodies[1], piece, runs).await;
            return second.as_secs_f64() / first.max(Duration::from_millis(4)).as_secs_f64();
        }
        runs *= 2;
    }
}

#[tokio::test]
async fn the_time_grows_as_the_body_does() {
    let service = service();
    let file = HEAD.replace("name=\"a\"", "name=\"a\"; filename=\"f\"");
    let part = format!("{HEAD}\r\n");
    let long_header = format!(
        "{}X: {}\r\n\r\n\r\n",
        &HEAD[..HEAD.len() - 2],
        "y".repeat(4000)
    );
    let cases: &[(&str, &[u8], &str, &str, usize)] = &[
        ("many tiny parts", MULTIPART, "", &part, 64 << 10),
        (
            "parts with long headers",
            MULTIPART,
            "",
            &long_header,
            64 << 10,
        ),
        (
            "parts with long headers, a few bytes at a time",
            MULTIPART,
            "",
            &long_header,
            16,
        ),
        ("starts of boundaries", MULTIPART, HEAD, "\r\n--", 64 << 10),
        (
            "starts of boundaries at once",
            MULTIPART,
            HEAD,
            "\r\n--",
            usize::MAX,
        ),
        (
            "starts of boundaries in a file",
            MULTIPART,
            &file,
            "\r\n--",
            64 << 10,
        ),
        (
            "starts of boundaries, a few bytes at a time",
            MULTIPART,
            HEAD,
            "\r\n--XXXXX",
            7,
        ),
        (
            "all but the last byte of a boundary",
            MULTIPART,
            HEAD,
            "\r\n--XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
            64 << 10,
        ),
        (
            "boundaries that go on",
            MULTIPART,
            HEAD,
            "\r\n--XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXz",
            64 << 10,
        ),
        ("carriage returns", MULTIPART, HEAD, "\r", 64 << 10),
        (
            "a header without an end",
            MULTIPART,
            &HEAD[..40],
            "y",
            64 << 10,
        ),
        (
            "line breaks before the first boundary",
            MULTIPART,
            "",
            "\r\n",
            16,
        ),
        (
            "blanks behind a boundary",
            MULTIPART,
            &format!("{HEAD}\r\n--XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"),
            " ",
            16,
        ),
        ("no final boundary", MULTIPART, HEAD, "content ", 64 << 10),
        ("many tiny fields", URLENCODED, "", "a&", 64 << 10),
        ("one field, a few bytes at a time", URLENCODED, "", "a", 7),
        ("escapes", URLENCODED, "a=", "%41+", 64 << 10),
        (
            "bytes that are no ASCII",
            URLENCODED,
            "a=",
            "\u{e9}x",
            64 << 10,
        ),
    ];
    for (what, content_type, start, unit, piece) in cases {
        let size = if *piece < 100 { 32 << 10 } else { 256 << 10 };
        let (once, double) = (repeated(start, unit, size), repeated(start, unit, 2 * size));
        let mut worst = f64::MAX;
        // Other work on the machine may disturb one measurement; a quadratic one never passes.
        for _ in 0..5 {
            worst = worst.min(ratio(&service, content_type, [&once, &double], *piece).await);
            if worst < 2.8 {
                break;
            }
        }
        assert!(
            worst < 2.8,
            "twice of {what} takes {worst:.1} times as long"
        );
    }
}

#[tokio::test]
async fn eight_mebibytes_of_boundary_starts_are_read_like_any_others() {
    let service = service();
    let harmless = repeated(HEAD, "abcd", 8 << 20);
    let hostile = repeated(HEAD, "\r\n--", 8 << 20);
    let worst = ratio(&service, MULTIPART, [&harmless, &hostile], 64 << 10).await;
    assert!(worst < 20.0, "{worst:.1} times as long");
}

/// Bodies that are almost forms.
fn hostile() -> impl proptest::strategy::Strategy<Value = Vec<u8>> {
    let token = prop::sample::select(vec![
        &b"--X"[..],
        b"\r\n--X",
        b"\r\n--X--",
        b"--",
        b"\r\n",
        b"\r",
        b"\n",
        b"\r\n\r\n",
        b":",
        b";",
        b"=",
        b"\"",
        b"\\",
        b"&",
        b"%",
        b"%4",
        b"+",
        b" ",
        b"\t",
        b"\0",
        b"\xff",
        b"\xc3\xa9",
        b"Content-Disposition: form-data; name=\"a\"",
        b"; filename=\"f\"",
        b"; filename=\"\"",
        b"Content-Disposition: form-data; name=b",
        b"Content-Disposition",
        b"name=",
        b"a",
        b"b=1",
        b"Content-Disposition: form-data; name=\"c\"; filename=\"x\"\r\nContent-Type: text/plain",
        b"Content-Disposition: form-data; name=\"d\"; filename=\"\"\r\n\r\n",
    ]);
    let token = token.prop_map(<[u8]>::to_vec);
    let noise = prop::collection::vec(any::<u8>(), 0..8);
    let piece = proptest::prop_oneof![8 => token, 1 => noise];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

#[test]
fn whatever_comes_is_answered_and_however_it_is_cut() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let service = service();
    let types: Vec<&[u8]> = vec![
        b"multipart/form-data; boundary=X",
        b"multipart/form-data; boundary=\"X\"; charset=latin-1",
        b"multipart/form-data; boundary=",
        b"multipart/form-data",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data; boundary=\xff\"",
    ];
    let mut runner = proptest::test_runner::TestRunner::new(proptest::test_runner::Config {
        cases: 1500,
        failure_persistence: None,
        ..Default::default()
    });
    let strategy = (
        prop::sample::select(types),
        any::<bool>(),
        hostile(),
        1..20_usize,
    );
    let result = runner.run(&strategy, |(content_type, begun, body, size)| {
        let body = if begun {
            [b"--X\r\n", &body[..]].concat()
        } else {
            body
        };
        for path in ["/bound", "/form"] {
            let whole = runtime.block_on(post(
                &service,
                path,
                content_type,
                cut(body.clone(), usize::MAX),
            ));
            proptest::prop_assert!(matches!(whole.0, 200 | 400 | 422), "{:?}", whole);
            let pieces =
                runtime.block_on(post(&service, path, content_type, cut(body.clone(), size)));
            proptest::prop_assert_eq!(whole, pieces);
        }
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}
