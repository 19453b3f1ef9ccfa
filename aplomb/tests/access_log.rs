//! A line for each request, as the application asks for it.

#[path = "observe/served.rs"]
mod served;

use std::io::Write;
use std::sync::{Arc, Mutex};

use aplomb::observe::AccessLog;
use aplomb::prelude::*;
use served::{Served, eventually};

#[get("/items/{id}")]
async fn read_item(id: u32) -> u32 {
    id
}

#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the output").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Output {
    /// The first line with these words.
    fn line(&self, words: &str) -> String {
        eventually(words, || {
            let output = self.0.lock().expect("the output");
            let text = std::str::from_utf8(&output).expect("text");
            text.lines()
                .find(|line| line.contains(words))
                .map(str::to_owned)
        })
    }
}

fn served(log: AccessLog) -> Served {
    Served::start(App::new().routes(routes![read_item]).access_log(log))
}

// One test: the events come from threads of the server, so that all share one subscriber.
#[test]
fn every_form_has_what_it_says() {
    let output = Output::default();
    let writer = output.clone();
    tracing_subscriber::fmt()
        .without_time()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();

    served(AccessLog::Off).ask("GET /items/0", &[]);

    let pretty = served(AccessLog::Pretty);
    pretty.ask("GET /items/1?token=topsecret", &[]);
    let line = output.line("/items/1");
    assert!(line.contains(" INFO aplomb::access: 127.0.0.1:"), "{line}");
    assert!(
        line.contains(" - \"GET /items/1?token=hidden HTTP/1.1\" 200 OK "),
        "{line}"
    );
    assert!(line.ends_with(" ms"), "{line}");

    let json = served(AccessLog::Json);
    json.ask("GET /items/x", &["x-forwarded-for: 192.0.2.7"]);
    let line = output.line("/items/x");
    let (_, object) = line.split_once("aplomb::access: ").expect("the target");
    let object: Value = serde_json::from_str(object).expect("JSON");
    assert_eq!(object["status"], 422);
    assert_eq!(object["route"], "/items/{id}");
    assert_eq!(object["client"], "192.0.2.7:0");
    assert_eq!(object["fate"], Value::Null);
    assert!(object["duration_ms"].as_f64() > Some(0.0), "{object}");
    assert!(object["response_bytes"].as_u64() > Some(100), "{object}");

    let fields = served(AccessLog::Fields);
    fields.ask("GET /items/2", &[]);
    let line = output.line("/items/2");
    for field in [
        "method=GET",
        "route=\"/items/{id}\"",
        "status=200",
        "response_bytes=1",
    ] {
        assert!(line.contains(field), "{line}");
    }

    let text = output.0.lock().expect("the output").clone();
    let text = String::from_utf8(text).expect("text");
    assert!(
        !text.contains("/items/0") && !text.contains("topsecret"),
        "{text}"
    );
}
