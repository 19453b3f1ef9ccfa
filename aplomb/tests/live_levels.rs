//! What events and spans give out is changed while the service runs.
#![cfg(unix)]

#[path = "live/served.rs"]
mod served;

use std::io::Write;
use std::sync::{Arc, Mutex, Once};

use aplomb::observe::LiveFilter;
use aplomb::prelude::*;
use served::{Served, eventually};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::prelude::*;

mod orders {
    pub(crate) fn note(id: u32) {
        tracing::debug!(id, password = "canary-7f3a", "noted\u{1b}[2J");
        tracing::info!(id, "known anyway");
    }
}

mod paid {
    pub(crate) fn note(id: u32) {
        let _span = tracing::debug_span!("payment", id).entered();
        tracing::debug!("paid {id}");
        tracing::info!("paid, in any case, {id}");
    }
}

mod busy {
    pub(crate) fn note() {
        for round in 0..500 {
            tracing::trace!(round, "busy");
            tracing::info!(round, "steady");
        }
    }
}

#[get("/orders/{id}")]
async fn order(id: u32) -> u32 {
    orders::note(id);
    id
}

#[get("/other/{id}")]
async fn other(id: u32) -> u32 {
    orders::note(id);
    id
}

#[get("/paid/{id}")]
async fn pay(id: u32) -> u32 {
    paid::note(id);
    id
}

#[get("/busy")]
async fn work() {
    busy::note();
}

/// What the service logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

static LOG: Mutex<Option<Log>> = Mutex::new(None);

impl Log {
    /// The log of the whole process; tests tell their lines by their numbers.
    fn of_process() -> Self {
        static FIRST: Once = Once::new();
        let log = LOG.lock().expect("the log").get_or_insert_default().clone();
        FIRST.call_once(|| {
            let writer = log.clone();
            let lines = tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(move || writer.clone())
                .with_filter(LiveFilter::new(EnvFilter::new("info")));
            tracing_subscriber::registry().with(lines).init();
        });
        log
    }

    fn lines(&self, has: &str) -> Vec<String> {
        let log = String::from_utf8_lossy(&self.0.lock().expect("the log")).into_owned();
        let lines = log.lines().filter(|line| line.contains(has));
        lines.map(str::to_owned).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn serve() -> (Log, Served) {
    let log = Log::of_process();
    let app = App::new().routes(routes![order, other, pay, work]);
    (log, Served::start(app))
}

#[track_caller]
fn set(served: &Served, level: &Value) -> Value {
    let (status, answer) = served.live("PUT /live/levels", Some(level));
    assert_eq!(status, 200, "{answer}");
    answer
}

fn directive(module: &str, level: &str) -> String {
    format!("{}::{module}={level}", module_path!())
}

/// All at once, for callsites belong to the process and the other tests are of others.
#[test]
fn an_event_is_heard_as_long_as_its_level_is_set() {
    let (log, served) = serve();
    served.public("GET /orders/11", None);
    assert_eq!(log.lines("id=11").len(), 1);
    let level = json!({"directive": directive("orders", "debug"), "expires_in": 2, "owner": "ada"});
    let answer = set(&served, &level);
    assert_eq!(
        (&answer["heard"], &answer["state"]),
        (&json!(true), &json!("active"))
    );
    assert_eq!(answer["owner"], "ada (unix socket)");
    let id = answer["id"].as_str().expect("an id").to_owned();
    served.public("GET /orders/12", None);
    let lines = log.lines("id=12");
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].contains("DEBUG") && lines[0].contains("noted"),
        "{lines:?}"
    );
    let events = served.events(&id, 2);
    let said = events[0]["message"].as_str().expect("a message");
    assert_eq!(said, "noted\\u{1b}[2J id=12 password=hidden");
    assert_eq!(
        (&events[0]["level"], &events[0]["kind"]),
        (&json!("debug"), &json!("level"))
    );
    let place = events[0]["place"].as_str().expect("a place");
    assert!(
        place.contains("::orders ") && place.contains("live_levels.rs:"),
        "{place}"
    );
    assert_eq!(events[1]["message"], "known anyway id=12");
    eventually("its time is over", || {
        let (_, levels) = served.live("GET /live/levels", None);
        (levels == json!([])).then_some(())
    });
    served.public("GET /orders/13", None);
    assert_eq!(log.lines("id=13").len(), 1);
    let (_, audit) = served.live("GET /live/audit", None);
    let changes: Vec<_> = audit.as_array().expect("changes").iter().collect();
    assert_eq!(
        (&changes[0]["change"], &changes[0]["probe"]),
        (&json!("expired"), &json!(id))
    );
    assert_eq!(changes[1]["change"], "set");

    // One route alone.
    let level = json!({"directive": directive("orders", "debug"), "route": "GET /orders/{id}"});
    let answer = set(&served, &level);
    served.public("GET /orders/14", None);
    served.public("GET /other/15", None);
    assert_eq!((log.lines("id=14").len(), log.lines("id=15").len()), (2, 1));
    let id = answer["id"].as_str().expect("an id");
    let (status, answer) = served.live(&format!("DELETE /live/levels/{id}"), None);
    assert_eq!((status, &answer["state"]), (200, &json!("removed")));
    served.public("GET /orders/16", None);
    assert_eq!(log.lines("id=16").len(), 1);

    // Lowered, and the narrower before the wider.
    let off = json!({"directive": directive("orders", "off")});
    set(&served, &off);
    served.public("GET /orders/17", None);
    assert_eq!(log.lines("id=17").len(), 0);
    let (_, known) = served.live("GET /live/callsites?q=live_levels%3A%3Aorders", None);
    let known = known.as_array().expect("callsites");
    let noted = known.iter().find(|site| site["level"] == "debug");
    set(
        &served,
        &json!({"directive": noted.expect("the event")["directive"]}),
    );
    served.public("GET /orders/18", None);
    assert!(log.lines("id=18").concat().contains("noted"));
    assert_eq!(log.lines("id=18").len(), 1);
    // The same directive takes the place of itself.
    set(&served, &off);
    let (_, levels) = served.live("GET /live/levels", None);
    assert_eq!(levels.as_array().map(|levels| levels.len()), Some(2));
    let (_, removed) = served.live("DELETE /live/levels", None);
    assert_eq!(removed["removed"], 2);
    served.public("GET /orders/19", None);
    assert_eq!(log.lines("id=19").len(), 1);
}

#[test]
fn one_callsite_is_set_by_its_line_or_its_name() {
    let (log, served) = serve();
    let (_, known) = served.live("GET /live/callsites?q=live_levels%3A%3Apaid", None);
    assert!(!known.to_string().contains("\"payment\""), "{known}");
    // Nobody has reached it yet: it is learned while something else is let through.
    let answer = set(&served, &json!({"directive": "span payment"}));
    assert_eq!(answer["callsites"], 0, "{answer}");
    assert!(
        answer["notes"].to_string().contains("first reached"),
        "{answer}"
    );
    served.public("GET /paid/21", None);
    let lines = log.lines("any case, 21");
    assert!(lines[0].contains("payment{id=21}"), "{lines:?}");
    assert_eq!(log.lines("paid 21").len(), 0);
    let events = served.events(answer["id"].as_str().expect("an id"), 1);
    assert_eq!(events[0]["message"], "span payment begins id=21");
    let (_, known) = served.live("GET /live/callsites?q=live_levels%3A%3Apaid", None);
    let known = known.as_array().expect("callsites");
    let event = known
        .iter()
        .find(|site| site["kind"] == "event" && site["level"] == "debug");
    let site = event.expect("the event")["directive"].clone();
    set(&served, &json!({"directive": site}));
    served.public("GET /paid/22", None);
    assert_eq!(log.lines("paid 22").len(), 1);
    served.live("DELETE /live/levels", None);
    served.public("GET /paid/23", None);
    assert_eq!(log.lines("paid 23").len(), 0);
    assert!(!log.lines("any case, 23")[0].contains("payment"));
}

#[test]
fn a_busy_service_is_not_drowned() {
    let (log, served) = serve();
    let level = json!({"directive": directive("busy", "trace"), "per_second": 20});
    let answer = set(&served, &level);
    served.public("GET /busy", None);
    // What is heard without the level is heard with it.
    assert_eq!(log.lines("steady").len(), 500);
    let heard = log.lines(" busy").len();
    assert!((1..200).contains(&heard), "{heard}");
    let id = answer["id"].as_str().expect("an id");
    let now = served.probe(id);
    let number = |name: &str| now[name].as_u64().expect("a number");
    assert_eq!(number("passed"), 1000);
    assert_eq!(number("emitted") + number("dropped"), 1000, "{now}");
    assert!(number("emitted") < 200 && number("dropped") > 0, "{now}");
    eventually("it is said", || {
        let told = log.lines("too many events");
        told.iter().any(|line| line.contains(id)).then_some(())
    });
    served.live(&format!("DELETE /live/levels/{id}"), None);
}

#[test]
fn what_cannot_be_set_says_where() {
    let (_log, served) = serve();
    for (level, part, at, says) in [
        (
            json!({"directive": "orders=debgu"}),
            "directive",
            7,
            "no level is called `debgu`",
        ),
        (
            json!({"directive": "orders"}),
            "directive",
            6,
            "a level belongs behind it",
        ),
        (
            json!({"directive": "aplomb::live=off"}),
            "directive",
            0,
            "stays as it is",
        ),
        (
            json!({"directive": "a=info", "route": "nonsense"}),
            "route",
            0,
            "is no target",
        ),
        (
            json!({"directive": "a=info", "route": "/orders/{id} @handler"}),
            "route",
            0,
            "without a point",
        ),
    ] {
        let (status, answer) = served.live("PUT /live/levels", Some(&level));
        let mistake = &answer["detail"]["mistakes"][0];
        assert_eq!((status, &mistake["part"]), (400, &json!(part)), "{answer}");
        assert_eq!(mistake["at"], at, "{answer}");
        let message = mistake["message"].as_str().unwrap_or_default();
        assert!(message.contains(says), "{answer}");
    }
    let nowhere = json!({"directive": "a=info", "route": "/nowhere"});
    assert_eq!(served.live("PUT /live/levels", Some(&nowhere)).0, 404);
    let forever = json!({"directive": "a=info", "expires_in": 100_000});
    assert_eq!(served.live("PUT /live/levels", Some(&forever)).0, 422);
    let checked = json!({"directive": "a=info"});
    assert_eq!(
        served.live("PUT /live/levels?check=true", Some(&checked)).0,
        200
    );
    assert_eq!(served.live("GET /live/levels", None).1, json!([]));
    assert_eq!(served.live("DELETE /live/levels/l-none", None).0, 404);
    // A level is no probe, and the document of the API knows no probe that would be refused.
    for level in [
        json!({"kind": "level", "target": "a=info"}),
        json!({"kind": "snapshot", "target": "/orders/{id}", "route": "/orders/{id}"}),
    ] {
        let (status, answer) = served.live("POST /live/probes", Some(&level));
        assert_eq!(status, 422, "{answer}");
    }
    let (_, document) = served.live("GET /live/openapi.json", None);
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["ProbeKind"]["enum"],
        json!(["log", "metric", "snapshot"])
    );
    let probe = &schemas["ProbeDefinition"]["properties"];
    assert!(
        probe["target"].as_object().is_some() && probe["route"].is_null(),
        "{probe}"
    );
}
