//! Where no more of long answers may wait for readers, they are written as they are read, and what
//! waits holds no thread.

#[path = "answers/rows.rs"]
mod rows;
#[path = "server/served.rs"]
mod served;

use std::io::Read as _;
use std::time::Duration;

use aplomb::prelude::*;
use aplomb::serve::Limits;
use rows::{Living, MANY, Row, assert_rows, unchunked};
use served::{Served, answer, wait_until};

#[get("/rows")]
async fn rows_of(living: State<Living>) -> Vec<Row> {
    (0..MANY).map(|id| living.row(id)).collect()
}

#[get("/isolated", lane = "isolated")]
async fn isolated() -> &'static str {
    "answered"
}

/// More than there are threads for computing, on the machines that tests run on.
const READERS: usize = 6;

#[test]
fn answers_are_written_as_they_are_read() {
    let living = Living::default();
    let paths: Vec<&'static str> = vec!["/0", "/1", "/2", "/3", "/4", "/5"];
    // Routes of their own, since one that is known for long answers waits before it makes the next.
    let routes = paths.iter().map(|path| Route::of::<rows_of>().path(*path));
    let app = App::new()
        .state(living.clone())
        .routes(routes)
        .routes(routes![isolated]);
    let limits = Limits {
        answer_bytes: 0,
        write_timeout: Duration::from_secs(3),
        ..Limits::default()
    };
    let server = Served::start(app, limits);
    let mut unread = Vec::new();
    for path in &paths[..READERS] {
        let mut stream = server.ask("GET", path, "");
        stream.read_exact(&mut [0; 9]).expect("a head");
        unread.push(stream);
    }
    wait_until("all are made", || living.count() == READERS * MANY as usize);
    let (status, _, body) = answer(server.ask("GET", "/isolated", ""));
    assert_eq!((status, &*body), (200, "\"answered\""));

    // One is read to its end, however little of the others is.
    let mut rest = String::new();
    let mut first = unread.remove(0);
    first.read_to_string(&mut rest).expect("an answer");
    let (_, body) = rest.split_once("\r\n\r\n").expect("a head");
    assert_rows(&unchunked(body).expect("a whole body"), MANY);
    wait_until("its rows are dropped", || {
        living.count() <= (READERS - 1) * MANY as usize
    });

    // Readers that take nothing are cut, and what was made for them goes.
    wait_until("the others are cut", || living.count() == 0);
    for mut stream in unread {
        let mut rest = Vec::new();
        let read = stream.read_to_end(&mut rest);
        let text = String::from_utf8(rest).expect("text");
        assert!(read.is_err() || !text.ends_with("\r\n0\r\n\r\n"));
    }
}
