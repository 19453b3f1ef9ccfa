//! [`Record`]: one line of a transcript.

use std::collections::HashMap;

use aplomb::Value;
use aplomb::websocket::Message;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The headers a client sends when a record does not say otherwise.
const USUAL: [(&str, &str); 5] = [
    ("host", "testserver"),
    ("accept", "*/*"),
    ("accept-encoding", "gzip, deflate"),
    ("connection", "keep-alive"),
    ("user-agent", "testclient"),
];

/// One line of a transcript.
pub(crate) struct Record(Value);

impl Record {
    pub(crate) fn parse(line: &str) -> Self {
        Self(line.parse().expect("a transcript holds JSON lines"))
    }

    fn text(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap_or_default()
    }

    pub(crate) fn kind(&self) -> &str {
        self.text("kind")
    }

    pub(crate) fn is_start(&self) -> bool {
        self.kind() == "start"
    }

    pub(crate) fn is_http(&self) -> bool {
        self.kind() == "http"
    }

    /// Whether a session needs neither an environment nor files, which belong to a process.
    pub(crate) fn can_be_played(&self) -> bool {
        ["env", "unset", "files"]
            .iter()
            .all(|key| self.0[*key].is_null())
    }

    pub(crate) fn root_path(&self) -> &str {
        self.text("root_path")
    }

    pub(crate) fn test(&self) -> &str {
        self.text("test")
    }

    pub(crate) fn label(&self) -> String {
        match self.is_http() {
            true => format!("{} {}", self.method(), self.text("target")),
            false => format!("{} {}", self.kind(), self.socket()),
        }
    }

    pub(crate) fn method(&self) -> &str {
        self.text("method")
    }

    pub(crate) fn target(&self, variables: &HashMap<String, String>) -> String {
        fill(self.text("target"), variables)
    }

    /// The headers of the request, usual ones first.
    pub(crate) fn headers(&self, variables: &HashMap<String, String>) -> Vec<(String, String)> {
        let given = pairs(&self.0["headers"]);
        let omitted = self.0["omit"].as_array().unwrap_or_default();
        let usual = USUAL.iter().filter(|(name, _)| {
            !given.iter().any(|(known, _)| known == name)
                && !omitted.iter().any(|omit| omit == name)
        });
        let usual = usual.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let given = given
            .iter()
            .map(|(name, value)| ((*name).to_owned(), fill(value, variables)));
        usual.chain(given).collect()
    }

    pub(crate) fn body(&self, variables: &HashMap<String, String>) -> Vec<u8> {
        bytes(&self.0["body"], variables)
    }

    pub(crate) fn status(&self) -> u64 {
        self.0["status"].as_u64().unwrap_or_default()
    }

    pub(crate) fn response_headers(&self) -> Vec<(&str, &str)> {
        pairs(&self.0["response_headers"])
    }

    pub(crate) fn response_body(&self) -> Vec<u8> {
        bytes(&self.0["response_body"], &HashMap::new())
    }

    /// What a page must hold, where only that is kept of it.
    pub(crate) fn facts(&self) -> Option<Vec<&str>> {
        let facts = self.0["response_body"]["contains"].as_array()?;
        Some(facts.iter().filter_map(Value::as_str).collect())
    }

    pub(crate) fn volatile_headers(&self) -> Vec<&str> {
        texts(&self.0["volatile_headers"])
    }

    /// The number of the socket that a step of a conversation is about.
    pub(crate) fn socket(&self) -> u64 {
        self.0["socket"].as_u64().unwrap_or_default()
    }

    /// The headers that the record adds to the usual ones.
    pub(crate) fn own_headers(&self) -> Vec<(&str, &str)> {
        pairs(&self.0["headers"])
    }

    /// The protocols that a handshake offers, as its header says them.
    pub(crate) fn subprotocols(&self) -> Option<&str> {
        self.0["subprotocols"].as_str()
    }

    /// The protocol that was chosen.
    pub(crate) fn accepted(&self) -> Option<&str> {
        self.0["accepted"].as_str()
    }

    pub(crate) fn message(&self) -> Message {
        let data = &self.0["data"];
        match data["text"].as_str() {
            Some(text) => Message::from(text),
            None => Message::from(bytes(data, &HashMap::new())),
        }
    }

    /// Code and reason of a close.
    pub(crate) fn close(&self) -> (u16, &str) {
        let code = self.0["code"]
            .as_u64()
            .and_then(|code| code.try_into().ok());
        (code.unwrap_or(1000), self.text("reason"))
    }

    /// JSON pointers to values that may differ; nothing when the record has none.
    pub(crate) fn volatile_json(&self) -> Option<Vec<&str>> {
        (!self.0["volatile_json"].is_null()).then(|| texts(&self.0["volatile_json"]))
    }

    /// Names of values of the answer that later requests repeat, with JSON pointers to them.
    pub(crate) fn captures(&self) -> Vec<(&str, &str)> {
        let captures = self.0["capture"].as_object().into_iter().flatten();
        captures
            .filter_map(|(name, pointer)| Some((name.as_str(), pointer.as_str()?)))
            .collect()
    }
}

fn texts(list: &Value) -> Vec<&str> {
    let items = list.as_array().unwrap_or_default();
    items.iter().filter_map(Value::as_str).collect()
}

fn pairs(list: &Value) -> Vec<(&str, &str)> {
    let items = list.as_array().unwrap_or_default();
    items
        .iter()
        .filter_map(|pair| Some((pair[0].as_str()?, pair[1].as_str()?)))
        .collect()
}

fn bytes(body: &Value, variables: &HashMap<String, String>) -> Vec<u8> {
    if let Some(text) = body["text"].as_str() {
        return fill(text, variables).into_bytes();
    }
    if let Some(text) = body["b64"].as_str() {
        return STANDARD.decode(text).expect("recorded bytes are base64");
    }
    let parts = body["parts"].as_array().unwrap_or_default().iter();
    let repeated = parts.map(|part| {
        let times = part[1].as_u64().and_then(|times| times.try_into().ok());
        part[0]
            .as_str()
            .unwrap_or_default()
            .repeat(times.unwrap_or(1))
    });
    repeated.collect::<String>().into_bytes()
}

fn fill(text: &str, variables: &HashMap<String, String>) -> String {
    let fill = |text: String, (name, value): (&String, &String)| {
        text.replace(&format!("${{{name}}}"), value)
    };
    variables.iter().fold(text.to_owned(), fill)
}
