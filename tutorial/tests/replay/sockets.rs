//! [`Sockets`]: the WebSockets that one life of an app holds open.

use std::collections::HashMap;
use std::time::Duration;

use aplomb::testing::{AsyncTestClient, TestWebSocket};
use tokio::time::timeout;

use crate::record::Record;

/// How long a message may take.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Sockets<'c> {
    client: &'c AsyncTestClient,
    open: HashMap<u64, TestWebSocket<'c, AsyncTestClient>>,
}

impl<'c> Sockets<'c> {
    pub(crate) fn new(client: &'c AsyncTestClient) -> Self {
        let open = HashMap::new();
        Self { client, open }
    }

    /// Plays one step of a conversation; what differs.
    pub(crate) async fn play(&mut self, record: &Record) -> Vec<String> {
        let number = record.socket();
        if record.kind() == "ws_open" {
            return self.open(number, record).await;
        }
        let Some(socket) = self.open.get_mut(&number) else {
            return vec![format!("no open socket {number}")];
        };
        match record.kind() {
            "ws_send" => {
                socket.send(record.message()).await;
                Vec::new()
            }
            "ws_receive" => match timeout(PATIENCE, socket.try_receive()).await {
                Ok(Ok(message)) if message == record.message() => Vec::new(),
                Ok(Ok(message)) => vec![format!("{message:?}, not {:?}", record.message())],
                Ok(Err(close)) => vec![format!("{close}, not {:?}", record.message())],
                Err(_) => vec![format!("nothing, not {:?}", record.message())],
            },
            "ws_close" => {
                let (code, reason) = record.close();
                if let Some(socket) = self.open.remove(&number) {
                    socket.close_with(code, reason).await;
                }
                Vec::new()
            }
            "ws_closed" => match timeout(PATIENCE, socket.try_receive()).await {
                Ok(Err(close)) if (close.code, &*close.reason) == record.close() => Vec::new(),
                Ok(Err(close)) => vec![format!("{close}, not {:?}", record.close())],
                Ok(Ok(message)) => vec![format!("{message:?}, not {:?}", record.close())],
                Err(_) => vec![format!("nothing, not {:?}", record.close())],
            },
            kind => vec![format!("{kind} is no step of a conversation")],
        }
    }

    async fn open(&mut self, number: u64, record: &Record) -> Vec<String> {
        let target = record.target(&HashMap::new());
        let mut request = self.client.websocket(&target);
        for (name, value) in record.own_headers() {
            request = request.header(name, value);
        }
        if let Some(names) = record.subprotocols() {
            request = request.header("sec-websocket-protocol", names);
        }
        let mut found = Vec::new();
        let status = match request.try_connect().await {
            Ok(socket) => {
                let accepted = socket.accepted_subprotocol();
                if accepted != record.accepted() {
                    found.push(format!(
                        "protocol {accepted:?}, not {:?}",
                        record.accepted()
                    ));
                }
                self.open.insert(number, socket);
                101
            }
            Err(refusal) => u64::from(refusal.status()),
        };
        if status != record.status() {
            found.push(format!("status {status}, not {}", record.status()));
        }
        found
    }
}
