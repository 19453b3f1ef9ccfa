//! What is secret never leaves, whatever a probe asks for.
#![cfg(unix)]

#[path = "observe/log.rs"]
mod log;
#[path = "live/served.rs"]
mod served;

use std::collections::HashMap;

use aplomb::json::Object;
use aplomb::model::SecretString;
use aplomb::observe::FlightRecorder;
use aplomb::prelude::*;
use aplomb::security::ApiKeyHeader;
use log::Log;
use served::Served;

/// Stands wherever a secret is.
const CANARY: &str = "canary-7f3a";
/// Stands wherever something may be seen.
const PLAIN: &str = "plain-91c0";

#[derive(Model)]
struct Login {
    user: String,
    #[field(secret, alias = "passphraseOf", validate = long_enough)]
    phrase: String,
    word: SecretString,
    words: Vec<SecretString>,
    card: Option<Card>,
    #[field(default, serialize_with = in_words)]
    spare: Option<Card>,
    #[field(default)]
    cards: Vec<Card>,
    #[field(secret)]
    keys: Object,
    #[field(default)]
    notes: HashMap<String, String>,
    key: Key,
    #[field(default)]
    ssn: String,
    #[field(default, alias = "pw")]
    password: String,
}

#[derive(Model)]
struct Traces {
    x_session: Option<String>,
    x_internal: Option<String>,
    x_colour: Option<String>,
}

/// What is secret in one of them is not told apart from what is not in the other.
#[derive(Model)]
#[model(untagged)]
enum Payment {
    Card(PaidByCard),
    Note(PaidByNote),
}

#[derive(Model)]
struct PaidByCard {
    #[field(secret)]
    number: String,
    holder: u32,
}

#[derive(Model)]
struct PaidByNote {
    number: String,
    bank: u32,
}

#[derive(Model)]
struct Card {
    holder: String,
    #[field(secret)]
    number: String,
}

#[derive(Model)]
struct Key(SecretString);

fn in_words(card: &Option<Card>) -> Option<String> {
    let card = card.as_ref()?;
    Some(format!("{} of {}", card.number, card.holder))
}

fn long_enough(phrase: &str) -> Result<(), String> {
    match phrase.len() < 1000 {
        true => Ok(()),
        false => Err(format!("`{phrase}` is too long")),
    }
}

#[security]
fn door() -> ApiKeyHeader {
    ApiKeyHeader::new("x-door")
}

#[dependency]
async fn session(door: Depends<door>) -> Card {
    Card {
        holder: PLAIN.to_owned(),
        number: door.to_string(),
    }
}

#[post("/login/pay")]
async fn pay(payment: Payment) -> u32 {
    match payment {
        Payment::Card(card) => card.holder,
        Payment::Note(note) => note.bank + u32::from(note.number.is_empty()),
    }
}

#[post("/login/pin")]
async fn unlock(#[body(secret, min_length = 1000)] pin: String) -> usize {
    pin.len()
}

#[post("/login/{token}")]
async fn login(
    login: Login,
    token: String,
    #[query(secret)] hint: Option<String>,
    #[header] traces: Traces,
    #[header] referer: Option<String>,
    #[cookie] theme: Option<String>,
    _session: Depends<session>,
) -> Response {
    let _ = (token, hint, traces, referer, theme, login.phrase);
    Response::text("in")
        .header("set-cookie", format!("session={CANARY}"))
        .header("location", format!("/in#access_token={CANARY}"))
}

fn app() -> App {
    let recorder = FlightRecorder::default().hide("x-internal").hide("ssn");
    let app = App::new().flight_recorder(recorder);
    app.routes(routes![pay, unlock, login])
}

fn ask(served: &Served, body: &Value) -> u16 {
    let cookie = format!("cookie: theme={CANARY}; session={CANARY}");
    let names = [
        "authorization",
        "x-api-key",
        "x-door",
        "x-internal",
        "x-auth-token",
        "x-session",
    ];
    let mut headers: Vec<String> = names.map(|name| format!("{name}: {CANARY}")).to_vec();
    headers.push(cookie);
    headers.push(format!("x-tenant: {PLAIN}"));
    headers.push(format!("x-colour: {PLAIN}"));
    headers.push(format!("referer: https://a.example/in?token={CANARY}"));
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let line = format!("POST /login/{CANARY}?hint={CANARY}&password={CANARY}");
    served.ask("public", &line, &headers, Some(body)).0
}

#[test]
fn no_output_holds_a_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("the first");
    let served = Served::start(app());
    let mut probes = Vec::new();
    for point in [
        "@validate",
        "@invalid",
        "@handler",
        "@error",
        "@response",
        "@dep:session",
    ] {
        let target = format!("POST /login/{{token}} {point}");
        let snapshot = json!({"kind": "snapshot", "target": target, "hits": 10});
        probes.push(served.set(&snapshot));
        let body = if point.starts_with("@dep") {
            ""
        } else {
            "{body} {body.notes} {body.cards}"
        };
        let message = format!(
            "{body} {{path}} {{query}} {{header}} {{dep}} {{header.x_tenant}} {{header.referer}}"
        );
        let log = json!({"kind": "log", "target": target, "message": message});
        probes.push(served.set(&log));
    }
    served.set(&json!({
        "kind": "metric", "target": "POST /login/{token}", "metric": {
            "name": "logins", "type": "counter", "labels": {"body": "body", "query": "query"},
        },
    }));
    let good = json!({
        "user": PLAIN, "passphraseOf": CANARY, "phrase": CANARY, "word": CANARY, "words": [CANARY],
        "card": {"holder": PLAIN, "number": CANARY},
        "spare": {"holder": PLAIN, "number": CANARY},
        "cards": [{"holder": PLAIN, "number": CANARY}],
        "keys": {"a": CANARY}, "notes": {"password": CANARY, "colour": PLAIN}, "key": CANARY,
        "unknown": CANARY, "ssn": CANARY, "pw": CANARY,
    });
    let others = ["pay", "pin"].map(|route| {
        let target = format!("POST /login/{route} @invalid");
        served.set(&json!({"kind": "snapshot", "target": target}))
    });
    let number = json!({"number": CANARY, "holder": "x", "bank": "x"});
    assert_eq!(served.public("POST /login/pay", Some(&number)).0, 422);
    assert_eq!(
        served.public("POST /login/pin", Some(&json!(CANARY))).0,
        422
    );
    probes.extend(others);
    assert_eq!(ask(&served, &good), 200);
    let mut wrong = good.clone();
    wrong.insert("user", 7);
    assert_eq!(ask(&served, &wrong), 422);
    // Texts where objects belong, and a message that holds the value.
    let mut wrong = good;
    wrong.insert("card", format!("{{\"number\":\"{CANARY}\"}}"));
    wrong.insert("passphraseOf", CANARY.repeat(100));
    assert_eq!(ask(&served, &wrong), 422);
    let mut seen = String::new();
    for id in &probes {
        let listening = served.events(id, 1);
        seen += &listening
            .iter()
            .map(ToString::to_string)
            .collect::<String>();
    }
    let (_, all) = served.ask("management", "GET /live/probes", &[], None);
    seen += &all;
    for page in [
        "/live/catalog",
        "/live/audit",
        "/metrics",
        "/requests",
        "/requests/in-flight",
        "/live/openapi.json",
    ] {
        seen += &served
            .ask("management", &format!("GET {page}"), &[], None)
            .1;
    }
    seen += &String::from_utf8_lossy(&log.0.lock().expect("the log"));
    let around = seen.find(CANARY).map(|at| {
        let from = seen.floor_char_boundary(at.saturating_sub(300));
        &seen[from..at + CANARY.len()]
    });
    assert_eq!(around, None);
    // The probes have seen the rest.
    assert!(
        seen.contains(PLAIN) && seen.contains(&format!("\"holder\":\"{PLAIN}\"")),
        "{seen}"
    );
}

#[test]
fn secrets_cannot_be_named() {
    let served = Served::start(app());
    for source in [
        "body.passphraseOf == 'a'",
        "body.passphraseOf.startsWith('a')",
        "body.word == 'a'",
        "size(body.word) > 3",
        "body.words[0] == 'a'",
        "body.card.number == 'a'",
        "body.cards[0].number == 'a'",
        "has(body.keys.a)",
        "body.notes.password == 'a'",
        "body.notes['apiKey'] == 'a'",
        "body.key == 'a'",
        "dep.session.number == 'a'",
        "path.token == 'a'",
        "query.hint == 'a'",
        "header.authorization == 'a'",
        "header['Cookie'] == 'a'",
        "header.x_door == 'a'",
        "header.x_internal == 'a'",
        "header['x-api-key'] == 'a'",
        "response.header['set-cookie'] == 'a'",
        "header.x_session == 'a'",
        "body.ssn == 'a'",
        "body.pw == 'a'",
    ] {
        let probe = |when: &str, message: &str| json!({"kind": "log", "target": "POST /login/{token}", "when": when, "message": message});
        let refused = served.refused(&probe(source, "x"));
        let message = refused["message"].as_str().unwrap_or_default();
        assert!(message.contains("secret"), "{source}: {message}");
        let refused = served.refused(&probe("true", &format!("{{{source}}}")));
        let message = refused["message"].as_str().unwrap_or_default();
        assert!(message.contains("secret"), "{source}: {message}");
    }
    let whole = json!({"kind": "log", "target": "POST /login/pin @invalid", "message": "{body}"});
    let refused = served.refused(&whole);
    assert!(
        refused["message"].to_string().contains("secret"),
        "{refused}"
    );
    let (_, catalog) = served.live("GET /live/catalog", None);
    let points = catalog["routes"][2]["points"].as_array().expect("points");
    let fields = points
        .iter()
        .flat_map(|point| point["fields"].as_array().expect("fields"));
    let mut secrets: Vec<&str> = fields
        .filter(|field| field["secret"] == true)
        .filter_map(|field| field["name"].as_str())
        .collect();
    secrets.sort_unstable();
    secrets.dedup();
    for name in [
        "body.passphraseOf",
        "body.word",
        "body.card.number",
        "path.token",
        "query.hint",
    ] {
        assert!(secrets.contains(&name), "{name} in {secrets:?}");
    }
}
