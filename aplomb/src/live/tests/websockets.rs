//! Probes look at conversations, and never at what is said in them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{api, app, set};
use crate::app::{App, Service};
use crate::error::Result;
use crate::json;
use crate::json::Value;
use crate::live::event::Event;
use crate::testing::TestClient;
use crate::websocket::{WebSocket, WebSocketException};

/// Stands wherever a secret is.
const CANARY: &str = "canary-7f3a";

#[aplomb_macros::websocket("/rooms/{room}", crate = crate)]
async fn chat(socket: WebSocket, room: u32, #[query(secret)] key: Option<String>) -> Result<()> {
    let _ = (room, key);
    socket.accept().await?;
    loop {
        match &*socket.receive_text().await? {
            "kick" => return Err(WebSocketException::new(1008, "out").into()),
            "fail" => return Err(std::io::Error::other("boom").into()),
            "leave" => return Ok(()),
            _ => socket.send_bytes(vec![0; 3]).await?,
        }
    }
}

fn chats() -> Service {
    App::new().routes(crate::routes![chat]).build()
}

/// Sets a probe that is accepted; its id.
fn placed(api: &TestClient, probe: &Value) -> String {
    let (status, answer) = set(api, probe);
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_str().expect("an id").to_owned()
}

fn log(api: &TestClient, target: &str, message: &str) -> String {
    placed(
        api,
        &json!({"kind": "log", "target": target, "message": message}),
    )
}

/// The events of a probe, once there are so many.
fn events(of: &Service, id: &str, count: usize) -> Vec<Arc<Event>> {
    let begun = Instant::now();
    loop {
        of.live().tick();
        let (mut come_to, mut events) = (None, Vec::new());
        while let Some(news) = of.live().hub.next(&mut come_to, Some(id)) {
            events.push(news.event);
        }
        if events.len() >= count {
            return events;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{events:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn messages(of: &Service, id: &str, count: usize) -> Vec<String> {
    let events = events(of, id, count);
    let messages = events.iter().filter_map(|event| event.message.clone());
    messages.collect()
}

#[test]
fn conversations_are_looked_at_from_their_opening_to_their_close() {
    let of = chats();
    let client = TestClient::new(of.clone()).raise_server_exceptions(false);
    let api = api(&of);
    let open = log(
        &api,
        "ws /rooms/{room} @open",
        "{path.room} {request.route}",
    );
    let message = "{path.room} {message.direction} {message.kind} {message.size}";
    let all = log(&api, "WEBSOCKET /rooms/{room} @message", message);
    let long = placed(
        &api,
        &json!({
            "kind": "log", "target": "/rooms/** @message", "message": message,
            "when": "message.size > 4 && message.kind == 'text' && path.room == 7",
        }),
    );
    let close = log(&api, "* @close", "{path.room} {close.code}");
    let error = log(&api, "* @error", "{error.kind} {error.status}");
    let answer = log(&api, "/rooms/{room}", "{response.status}");
    for (room, last) in [(7, "kick"), (8, "fail"), (9, "leave")] {
        let mut socket = client.websocket(&format!("/rooms/{room}")).connect();
        socket.send_text("äöü");
        socket.receive_bytes();
        socket.send_text(last);
        socket.receive_close();
    }
    client.websocket("/rooms/none").refused();
    let socket = client.websocket("/rooms/7").connect();
    socket.close_with(3000, "enough");
    assert_eq!(messages(&of, &open, 4)[0], "7 /rooms/{room}");
    let said = messages(&of, &all, 9);
    assert_eq!(said[0], "7 received text 6");
    assert!(said.contains(&"7 sent bytes 3".to_owned()), "{said:?}");
    assert!(said.contains(&"8 received text 4".to_owned()), "{said:?}");
    assert_eq!(messages(&of, &long, 1), ["7 received text 6"]);
    let mut codes = messages(&of, &close, 4);
    codes.sort();
    assert_eq!(codes, ["7 1008", "7 3000", "8 1011", "9 1000"]);
    let mut errors = messages(&of, &error, 3);
    errors.sort();
    let known = [
        "RequestValidationError 422",
        "WebSocketException 500",
        "other 500",
    ];
    assert_eq!(errors, known);
    let mut answers = messages(&of, &answer, 5);
    answers.sort();
    assert_eq!(answers, ["101", "101", "101", "101", "403"]);
}

#[test]
fn who_comes_later_sees_what_is_said_from_then_on() {
    let of = chats();
    let (api, client) = (api(&of), TestClient::new(of.clone()));
    let mut socket = client.websocket("/rooms/7").connect();
    socket.send_text("one");
    socket.receive_bytes();
    let all = log(
        &api,
        "ws /rooms/{room} @message",
        "{path.room} {message.size}",
    );
    let metric = |name: &str, from: Option<&str>| {
        let metric = json!({"name": name, "type": "duration", "from": from});
        let target = "ws /rooms/{room} @message";
        placed(
            &api,
            &json!({"kind": "metric", "target": target, "metric": metric}),
        )
    };
    let (between, since) = (metric("between", None), metric("since", Some("@open")));
    for _ in 0..3 {
        socket.send_text("three");
        socket.receive_bytes();
    }
    assert_eq!(messages(&of, &all, 5)[0], "null 5");
    socket.send_text("leave");
    socket.receive_close();
    messages(&of, &all, 7);
    let emitted = |id: &str| {
        let probe = of.live().get(id).expect("the probe");
        probe
            .counters
            .emitted
            .load(std::sync::atomic::Ordering::Relaxed)
    };
    // Before the first there was none that is known of, and nobody saw the opening.
    assert_eq!((emitted(&between), emitted(&since)), (6, 0));
}

#[test]
fn what_is_said_is_not_shown() {
    let of = chats();
    let (api, client) = (api(&of), TestClient::new(of.clone()));
    let target = |point: &str| format!("ws /rooms/{{room}} {point}");
    let snapshots = ["@open", "@message", "@close"]
        .map(|point| placed(&api, &json!({"kind": "snapshot", "target": target(point)})));
    let path = format!("/rooms/7?key={CANARY}");
    let mut socket = client
        .websocket(&path)
        .header("authorization", CANARY)
        .connect();
    socket.send_text(CANARY);
    socket.receive_bytes();
    socket.close_with(3000, CANARY);
    let mut seen = String::new();
    for id in &snapshots {
        let event = events(&of, id, 1).remove(0);
        seen += &event.snapshot.as_ref().expect("a snapshot").to_string();
    }
    assert!(!seen.contains(CANARY), "{seen}");
    let size = CANARY.len();
    let message =
        format!("\"message\":{{\"direction\":\"received\",\"kind\":\"text\",\"size\":{size}}}");
    assert!(seen.contains(&message), "{seen}");
    assert!(seen.contains("\"close\":{\"code\":3000}"), "{seen}");
    assert!(seen.contains("\"path\":{\"room\":7}"), "{seen}");
}

#[test]
fn points_of_conversations_are_those_of_websockets() {
    let of = app().routes(crate::routes![chat]).build();
    let api = api(&of);
    let refused = |target: &str, message: &str| {
        let (status, answer) = set(
            &api,
            &json!({"kind": "log", "target": target, "message": message}),
        );
        (status, answer["detail"]["message"].to_string())
    };
    assert_eq!(refused("GET /orders/{id} @message", "a").0, 404);
    let (status, why) = refused("ws /rooms/{room} @close", "{message.size}");
    assert!(
        status == 400 && why.contains("not known at @close"),
        "{why}"
    );
    let (status, why) = refused("ws /rooms/{room} @message", "{message.text}");
    assert!(status == 400 && why.contains("text"), "{why}");
    let (status, why) = refused("ws /rooms/{room} @message", "{query.key}");
    assert!(status == 400 && why.contains("secret"), "{why}");
    let all = placed(&api, &json!({"kind": "snapshot", "target": "* @message"}));
    let places = of.live().get(&all).expect("the probe").places.clone();
    assert_eq!(places, ["WEBSOCKET /rooms/{room} @message"]);
    let catalog = api
        .get("/live/catalog")
        .header("authorization", "Bearer t0ken")
        .send()
        .json();
    let routes = catalog["routes"].as_array().expect("routes");
    let points = |target: &str| -> Vec<&str> {
        let route = routes
            .iter()
            .find(|route| route["target"] == target)
            .expect("the route");
        let points = route["points"].as_array().expect("points").iter();
        points.filter_map(|point| point["point"].as_str()).collect()
    };
    assert!(!points("GET /orders/{id}").contains(&"@message"));
    let known = points("WEBSOCKET /rooms/{room}");
    assert!(
        known.ends_with(&["@open", "@message", "@close"]),
        "{known:?}"
    );
}
