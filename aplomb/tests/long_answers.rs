//! Long answers are kept in pieces, and those that wait for slow readers are bounded.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread::{sleep, spawn};
use std::time::Duration;

use aplomb::app::Compat;
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

/// How the last chunk of a list ends, and with it the answer.
const END: &str = "}]\r\n0\r\n\r\n";

fn rest(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// Waits until as much of long answers waits as may: then even a short one of their route does.
fn wait_until_full(address: &str) {
    let answered = || {
        let mut stream = TcpStream::connect(address).expect("a connection");
        let patience = Some(Duration::from_secs(1));
        stream.set_read_timeout(patience).expect("a timeout");
        let request = "GET /rows?count=1 HTTP/1.1\r\nhost: test\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("a request");
        stream.read_exact(&mut [0]).is_ok()
    };
    while answered() {
        sleep(Duration::from_millis(10));
    }
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
    wait_until_full(&address);
    // That answer waits: the next is not made.
    let second = spawn({
        let address = address.clone();
        move || rest(ask(&address))
    });
    sleep(Duration::from_millis(500));
    assert!(!second.is_finished());
    let first = rest(first);
    assert!(first.ends_with(END));
    let second = second.join().expect("an answer");
    assert!(second.ends_with(END) && second.len() + 1 >= first.len());

    // One that waits too long is refused.
    let first = ask(&address);
    wait_until_full(&address);
    let refused = rest(ask(&address));
    assert!(refused.contains("retry-after: 5"), "{refused}");
    assert!(refused.contains("Too many long answers"), "{refused}");
    drop(first);
    let answered = rest(ask(&address));
    assert!(answered.ends_with(END));
    drop(stop);
    server.join().expect("a thread").expect("a clean end");
}

#[get("/broken-floats")]
async fn broken_floats(count: usize, last: bool) -> Value {
    let mut values = vec![json!("x".repeat(1000)); count];
    if last {
        values.push(Value::Float(f64::NAN));
    }
    Value::Array(values)
}

#[test]
fn exactly_as_fastapi_every_answer_has_its_length() {
    let app = App::new()
        .compat(Compat::Exact)
        .routes(routes![rows, broken_floats]);
    let client = TestClient::new(app);
    let answer = client.get("/rows?count=20000").send();
    answer.assert_header("content-length", &answer.text().len().to_string());
    client
        .get("/broken-floats?count=20000&last=false")
        .send()
        .assert_status(200);
    let client = client.raise_server_exceptions(false);
    client
        .get("/broken-floats?count=20000&last=true")
        .send()
        .assert_status(500);
    let client = TestClient::new(App::new().routes(routes![broken_floats]));
    let answer = client.get("/broken-floats?count=20000&last=true").send();
    answer.assert_status(200);
    assert!(answer.text().ends_with("\",null]"));
}
