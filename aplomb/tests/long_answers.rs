//! Long answers are kept in pieces, and those that wait for slow readers are bounded.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread::{sleep, spawn};
use std::time::Duration;

use aplomb::prelude::*;
use aplomb::serve::{Address, Limits, Server};
use aplomb::testing::TestClient;

#[derive(Model, Clone, Debug, PartialEq)]
struct Row {
    id: u64,
    text: String,
}

#[get("/rows")]
async fn rows(count: u64) -> Vec<Row> {
    let row = |id| Row {
        id,
        text: "x".repeat(1000),
    };
    (0..count).map(row).collect()
}

#[get("/value")]
async fn value(count: u64) -> Value {
    let row = |id: u64| json!({"id": id, "text": "x".repeat(1000)});
    json!({"rows": (0..count).map(row).collect::<Vec<Value>>()})
}

#[test]
fn a_long_answer_is_whole_and_says_its_length() {
    let client = TestClient::new(App::new().routes(routes![rows, value]));
    for count in [1, 100, 130, 2000] {
        let answer = client.get(&format!("/rows?count={count}")).send();
        let length = answer.text().len().to_string();
        answer.assert_header("content-length", &length);
        let rows: Vec<Row> = serde_json::from_str(&answer.text()).expect("rows");
        assert_eq!(rows.len() as u64, count);
        assert!(rows.iter().zip(0..).all(|(row, id)| row.id == id));

        let answer = client.get(&format!("/value?count={count}")).send();
        assert_eq!(
            answer.json()["rows"].as_array().map(<[Value]>::len),
            Some(rows.len())
        );
    }
}

/// More than the sockets between the two ends hold.
const MANY: u64 = 30_000;

/// Asks without reading more than the first byte of the answer.
fn ask(address: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let request =
        format!("GET /rows?count={MANY} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a request");
    stream.read_exact(&mut [0]).expect("a byte");
    stream
}

fn rest(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn slow_readers_hold_a_bounded_amount() {
    let limits = Limits {
        answer_bytes: 8 << 20,
        ..Limits::default()
    };
    let app = App::new().routes(routes![rows]);
    let bound = Server::new(Arc::new(app.build()))
        .address("127.0.0.1:0")
        .limits(limits)
        .bind()
        .expect("an address");
    let Address::Tcp(address) = bound.address().clone() else {
        panic!("{} is no TCP address", bound.address());
    };
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = spawn(move || {
        bound.run_until(async {
            let _ = stopped.await;
        })
    });

    let first = ask(&address);
    // That answer waits: the next is not made.
    let second = spawn({
        let address = address.clone();
        move || rest(ask(&address))
    });
    sleep(Duration::from_millis(500));
    assert!(!second.is_finished());
    let first = rest(first);
    assert!(first.ends_with("}]"));
    let second = second.join().expect("an answer");
    assert!(second.ends_with("}]") && second.len() + 1 >= first.len());

    // One that waits too long is refused.
    let first = ask(&address);
    let refused = rest(ask(&address));
    assert!(refused.contains("retry-after: 5"), "{refused}");
    assert!(refused.contains("Too many long answers"), "{refused}");
    drop(first);
    let answered = rest(ask(&address));
    assert!(answered.ends_with("}]"));
    drop(stop);
    server.join().expect("a thread").expect("a clean end");
}
