//! [`Session`]: one life of an app, and the requests sent to it.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use aplomb::app::{Service, Started};
use aplomb::http::{Body, Peer, TrustedProxies};
use aplomb::testing::AsyncTestClient;
use aplomb::{App, Value};
use bytes::Bytes;

use crate::differences::{Answer, differences};
use crate::record::Record;
use crate::sockets::Sockets;

/// One life of an app.
pub(crate) struct Session {
    service: Service,
    started: Started,
    peer: Peer,
}

impl Session {
    pub(crate) async fn start(mut app: App, record: &Record) -> Self {
        if !record.root_path().is_empty() {
            app = app.root_path(record.root_path());
        }
        let service = app.build();
        let started = service.start().await.expect("the app starts");
        let local = |port| Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        Self {
            service,
            started,
            peer: Peer::new(
                local(50000),
                local(8000),
                &Arc::new(TrustedProxies::parse("127.0.0.1")),
            ),
        }
    }

    pub(crate) async fn end(self) {
        self.started.stop().await.expect("the app stops");
    }

    /// Plays the records in order, and tells what differs in each.
    pub(crate) async fn play(&self, records: &[Record], mut tell: impl FnMut(&Record, &[String])) {
        let client = AsyncTestClient::new(self.service.clone()).raise_server_exceptions(false);
        let mut sockets = Sockets::new(&client);
        let mut variables = HashMap::new();
        for record in records {
            let differences = match record.is_http() {
                true => self.send(record, &mut variables).await,
                false => sockets.play(record).await,
            };
            tell(record, &differences);
        }
    }

    /// Sends a request; what differs in its answer.
    async fn send(&self, record: &Record, variables: &mut HashMap<String, String>) -> Vec<String> {
        let body = record.body(variables);
        let mut request = http::Request::builder()
            .method(record.method())
            .uri(record.target(variables));
        let headers = record.headers(variables);
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        let sized = body.is_empty() && !["POST", "PUT", "PATCH"].contains(&record.method());
        if !sized && !headers.iter().any(|(name, _)| name == "transfer-encoding") {
            request = request.header("content-length", body.len());
        }
        let request = match request.body(Body::from(body)) {
            Ok(request) => request,
            Err(error) => return vec![format!("no request: {error}")],
        };
        let (parts, body) = self
            .service
            .answer(request, self.peer.clone())
            .await
            .into_http()
            .into_parts();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            // Servers send none; in process there is no server.
            body: match body.collect(usize::MAX).await {
                Ok(_) if record.method() == "HEAD" => Bytes::new(),
                Ok(body) => body,
                Err(error) => return vec![format!("the answer breaks off: {error}")],
            },
        };
        let mut found = differences(record, &answer);
        found.extend(capture(record, &answer, variables));
        found
    }
}

/// Keeps what later requests repeat.
fn capture(
    record: &Record,
    answer: &Answer,
    variables: &mut HashMap<String, String>,
) -> Vec<String> {
    let value = answer.json().unwrap_or_default();
    let mut missing = Vec::new();
    for (name, pointer) in record.captures() {
        match value.pointer(pointer).and_then(Value::as_str) {
            Some(text) => drop(variables.insert(name.to_owned(), text.to_owned())),
            None => missing.push(format!("nothing at {pointer}")),
        }
    }
    missing
}
